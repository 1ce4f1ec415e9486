/** The load generator, a process of its own: the same for every server. */
import { serveQuestions } from '../child.ts'
import { type Load, loadSchema, type Measured, type Target } from '../messages.ts'
import { openAgents, type Agents } from './agents.ts'
import { HttpConnection } from './http-connection.ts'
import { Run, type Send } from './loops.ts'
import { textWith } from './message-key.ts'
import { sealedCallback } from './sealed-callback.ts'

interface Line {
  agents: Agents
  send: Send
  /** Who is told of what the agents receive. */
  run: Run | null
}

const lines = new Map<number, Promise<Line>>()
let messageId = Date.now() * 1000

async function openLine(target: Target): Promise<Line> {
  const line: Line = { run: null, send: sender(target), agents: await openAgents(target, (key) => line.run?.delivered(key)) }
  return line
}

function sender({ port, path, body }: Target): Send {
  const connections = new Map<number, HttpConnection[]>()
  return async (conversation, key) => {
    const free = connections.get(conversation) ?? []
    connections.set(conversation, free)
    const connection = free.pop() ?? new HttpConnection(port)
    try {
      const status = await post(connection, conversation, textWith(key))
      if (status !== 200) throw new Error(`status ${status}`)
    } finally {
      free.push(connection)
    }
  }
  function post(connection: HttpConnection, conversation: number, text: string): Promise<number> {
    const id = String(messageId++)
    if (body === 'json') return connection.post(path, 'application/json', JSON.stringify({ conversation, id, text }))
    const callback = sealedCallback(conversation, id, text)
    return connection.post(`${path}?${callback.query}`, 'text/xml', callback.body)
  }
}

async function measure(load: Load): Promise<Measured> {
  const { target } = load
  const opening = lines.get(target.port) ?? openLine(target)
  lines.set(target.port, opening)
  const line = await opening
  line.run = new Run(load, line.send)
  return line.run.measure()
}

serveQuestions((question) => measure(loadSchema.parse(question)))
