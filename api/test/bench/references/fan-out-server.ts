/** socket.io with nothing around it: every event to every socket. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { z } from 'zod'
import { serveQuestions } from '../child.ts'
import { cpuSeconds, publishAll } from '../event.ts'
import type { Target } from '../messages.ts'

const server = createServer()
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

function target(sockets: number): Target {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const handshakes = Array.from({ length: sockets }, () => ({}))
  const text = ['patch', 'message', 'parts', '0', 'text']
  return { port, path: '/', body: 'json', agents: { kind: 'socket.io', event: 'message.created', text, handshakes } }
}

const questionSchema = z.union([z.literal('cpu'), z.object({ sockets: z.int() }), z.object({ publish: z.int() })])

serveQuestions((given) => {
  const question = questionSchema.parse(given)
  if (question === 'cpu') return cpuSeconds()
  if ('sockets' in question) return target(question.sockets)
  return publishAll(question.publish, (event) => void io.emit(event.type, event))
})
