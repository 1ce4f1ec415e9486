/** A line between a client and the product, for faults of the network that no client can play by itself. */
import { once } from 'node:events'
import net from 'node:net'

export interface TcpProxy {
  url: string
  /** Ends what is open, as a network does that is gone. */
  cut(): void
  /** What is open says and hears nothing more, and nobody is told: no FIN, no reset, and what was sent is not read. */
  silence(): void
  close(): Promise<void>
}

/** @param target address of the product, with its port */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const cut = (): void => open.forEach((socket) => socket.destroy())
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    silence: () =>
      open.forEach((socket) => {
        socket.unpipe()
        socket.pause()
      }),
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
