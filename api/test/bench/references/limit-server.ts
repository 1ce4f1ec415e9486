/** `limit`: node:http, one INSERT for all that waits, a bare WebSocket frame to the agent. What this machine can do at best. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'
import { serveQuestions } from '../child.ts'
import type { Target } from '../messages.ts'
import { AGENTS } from '../settings.ts'
import { openGroupCommit } from './group-commit.ts'
import { fromCallback, fromJson, type Incoming } from './incoming.ts'
import { createReferenceTables } from './schema.ts'

const INSERT = `
  insert into msg (conversation_id, sender, ext_id, body)
  select c, 1, e, b from unnest($1::bigint[], $2::text[], $3::text[]) as t(c, e, b)
  on conflict (ext_id) do nothing returning id, ext_id`
const SHARDS = 2

const env = z.object({ DATABASE_URL: z.string() }).parse(process.env)
const agents: WebSocket[] = []

function push({ conversation, text: body }: Incoming, rowId: string): void {
  agents[conversation % agents.length]?.send(JSON.stringify({ id: rowId, conversation, text: body }), { binary: false })
}

await createReferenceTables(env.DATABASE_URL)
const shards = await Promise.all(Array.from({ length: SHARDS }, () => openGroupCommit(env.DATABASE_URL, INSERT, push)))

const server = createServer((request, response) => {
  const answer = (status: number, body = '') => response.writeHead(status, { 'content-length': body.length }).end(body)
  text(request)
    .then((body) => {
      const [path, query = ''] = (request.url ?? '').split('?', 2)
      const message = path === '/cb' ? fromCallback(query, body) : fromJson(body)
      return shards[message.conversation % SHARDS]?.write(message)
    })
    .then(
      () => answer(200, 'success'),
      () => answer(500),
    )
})
server.keepAliveTimeout = 60_000
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => void agents.push(socket))
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

serveQuestions((): Target => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { port, path: '/cb', body: 'sealed', agents: { kind: 'ws', count: AGENTS } }
})
