import { presenceRequest, presenceSchema } from '../../contract/identity.ts'
import { one } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { setPresence } from './presence.ts'

export const routes = [
  route({
    method: 'PUT',
    path: '/api/v1/me/presence',
    summary: 'Say whether I take work: online, busy, break or offline',
    tag: 'routing',
    auth: { permission: 'conversations.reply' },
    body: presenceRequest,
    example: { status: 'break', reason: '午休' },
    response: one(presenceSchema),
    handle: async (ctx, { body }) => ({ data: await setPresence(ctx, body) }),
  }),
]
