/** One kept-alive connection, one request at a time: cheap, since the generator shares the machine with what it measures. */
import { connect, type Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: *(\d+)/i

export class HttpConnection {
  readonly #port: number
  #socket: Socket | null = null
  #received = ''
  #waiting: { resolve(status: number): void; reject(error: Error): void } | null = null

  constructor(port: number) {
    this.#port = port
  }

  /** @returns the status */
  post(path: string, type: string, body: string): Promise<number> {
    const socket = (this.#socket ??= this.#open())
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}${HEAD_END}`
      socket.write(head + body)
    })
  }

  close(): void {
    this.#socket?.destroy()
  }

  #open(): Socket {
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true).setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#take(chunk))
    socket.on('error', () => undefined) // `close` follows
    socket.on('close', () => {
      this.#socket = null
      this.#received = ''
      this.#settle()?.reject(new Error('connection closed'))
    })
    return socket
  }

  #take(chunk: string): void {
    this.#received += chunk
    const end = this.#received.indexOf(HEAD_END)
    if (end < 0) return
    const length = Number(LENGTH.exec(this.#received.slice(0, end))?.[1] ?? 0)
    if (this.#received.length < end + HEAD_END.length + length) return
    const status = Number(this.#received.slice(9, 12))
    this.#received = ''
    this.#settle()?.resolve(status)
  }

  #settle() {
    const waiting = this.#waiting
    this.#waiting = null
    return waiting
  }
}
