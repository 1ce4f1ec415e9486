/** The agents' side: opens their sockets and says which messages arrived. */
import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { WebSocket } from 'ws'
import type { Target } from '../messages.ts'
import { KEY_END, KEY_START } from './message-key.ts'

export interface Agents {
  close(): void
}

export async function openAgents(target: Target, received: (key: string) => void): Promise<Agents> {
  const { agents, port } = target
  if (agents.kind === 'ws') {
    const sockets = Array.from({ length: agents.count }, () => plainSocket(port, received))
    await Promise.all(sockets.map((socket) => once(socket, 'open')))
    return { close: () => sockets.forEach((socket) => socket.terminate()) }
  }
  const sockets = agents.handshakes.map((auth) => {
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, auth, reconnection: false })
    socket.on(agents.event, (payload: unknown) => tell(textAt(payload, agents.text), received))
    return socket
  })
  await Promise.all(sockets.map(connected))
  return { close: () => sockets.forEach((socket) => socket.disconnect()) }
}

function plainSocket(port: number, received: (key: string) => void): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false, skipUTF8Validation: true })
  socket.on('message', (frame: Buffer) => tell(frame.toString('latin1'), received))
  return socket
}

function textAt(payload: unknown, path: readonly string[]): string {
  let value = payload
  for (const name of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof value === 'string' ? value : ''
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
}

function tell(text: string, received: (key: string) => void): void {
  const start = text.indexOf(KEY_START)
  if (start < 0) return
  const from = start + KEY_START.length
  received(text.slice(from, text.indexOf(KEY_END, from)))
}
