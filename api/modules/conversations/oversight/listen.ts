/**
 * A supervisor listens in (BP-012): he hears what the agent hears, and whispers. Neither the customer nor the agent is shown that he is there.
 * That is what contact centres have settled on: advice is worth something when the work was as it always is, and whoever wants to be
 * seen opens the conversation instead (`watch`) or whispers. In return every listening is a line of the audit trail, with its name.
 */
import { staffCommandSchemas } from '../../../contract/realtime.ts'
import { inTransaction, readOnly } from '../../../core/context.ts'
import { Forbidden } from '../../../core/errors.ts'
import { staffCommand } from '../../../core/realtime/commands.ts'
import { rooms } from '../../../core/realtime/realtime.ts'
import { record } from '../../audit/index.ts'
import { conversationFor } from '../policy.ts'

const listen = staffCommand({
  name: 'listen',
  automatic: true,
  schema: staffCommandSchemas.listen,
  async run(app, session, { conversationId }) {
    const { actor } = session
    if (!actor.permissions.has('conversations.listen')) throw new Forbidden('forbidden', 'you may not listen in')
    const room = rooms.oversight(conversationId)
    await conversationFor(await readOnly(app, actor), conversationId, 'listen')
    if (session.rooms().has(room)) return
    await session.join(room)
    await inTransaction(app, actor, (ctx) =>
      record(ctx, { action: 'conversation.listened', object: { kind: 'conversation', id: conversationId } }),
    )
  },
})

const unlisten = staffCommand({
  name: 'unlisten',
  automatic: true,
  schema: staffCommandSchemas.unlisten,
  run: (_app, session, { conversationId }) => session.leave(rooms.oversight(conversationId)),
})

export const listening = [listen, unlisten]
