/** `stack`: Hapi, pg and socket.io with nothing between them; message, conversation and outbox in one statement, group commit per shard. */
import hapi from '@hapi/hapi'
import { Server } from 'socket.io'
import { z } from 'zod'
import { serveQuestions } from '../child.ts'
import type { Target } from '../messages.ts'
import { AGENTS } from '../settings.ts'
import { openGroupCommit } from './group-commit.ts'
import { fromCallback, fromJson, type Incoming } from './incoming.ts'
import { createReferenceTables } from './schema.ts'

const WRITE = `
  with given as (
    select * from unnest($1::bigint[], $2::text[], $3::text[]) with ordinality as t(c, e, b, position)
  ), written as (
    insert into msg (conversation_id, sender, ext_id, body) select c, 1, e, b from given order by position
    on conflict (ext_id) do nothing returning id, conversation_id, ext_id
  ), counted as (
    update conv set last_message_id = newest.id, last_at = now(), unread = unread + newest.number
    from (select conversation_id, max(id) as id, count(*) as number from written group by conversation_id) newest
    where conv.id = newest.conversation_id
  ), noted as (
    insert into outbox (kind, ref) select 'notify', id from written
  )
  select id, ext_id from written`
const SHARDS = 2

const env = z.object({ DATABASE_URL: z.string() }).parse(process.env)
await createReferenceTables(env.DATABASE_URL)

const server = hapi.server({ port: 0, host: '127.0.0.1' })
const io = new Server(server.listener, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
io.on('connection', (socket) => void socket.join(`agent:${z.object({ agent: z.string() }).parse(socket.handshake.auth).agent}`))

function push({ conversation, id, text }: Incoming, rowId: string): void {
  const message = { id: rowId, conversationId: conversation, externalId: id, from: 'customer', text }
  io.to(`agent:${conversation % AGENTS}`).emit('message.new', message)
}

const shards = await Promise.all(Array.from({ length: SHARDS }, () => openGroupCommit(env.DATABASE_URL, WRITE, push)))
const write = (message: Incoming) => shards[message.conversation % SHARDS]?.write(message)

const bodyOf = ({ payload }: hapi.Request) => (Buffer.isBuffer(payload) ? payload.toString() : '')

server.route([
  {
    method: 'POST',
    path: '/cb',
    options: { payload: { parse: false, output: 'data' } },
    handler: async (request, h) => {
      await write(fromCallback(request.url.search.slice(1), bodyOf(request)))
      return h.response('success').type('text/plain')
    },
  },
  {
    method: 'POST',
    path: '/m',
    options: { payload: { parse: false, output: 'data' } },
    handler: async (request) => {
      await write(fromJson(bodyOf(request)))
      return { ok: true }
    },
  },
])
await server.start()

serveQuestions((): Target => {
  const handshakes = Array.from({ length: AGENTS }, (_, agent) => ({ agent: String(agent) }))
  const port = Number(server.info.port)
  return { port, path: '/cb', body: 'sealed', agents: { kind: 'socket.io', event: 'message.new', text: ['text'], handshakes } }
})
