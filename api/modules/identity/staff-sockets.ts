import type { Ctx } from '../../core/context.ts'
import { rooms } from '../../core/realtime/realtime.ts'

/** Cuts all sockets of these people after the commit. Whoever may still work comes back at once, with the rights he has now. */
export function cutSockets(ctx: Ctx, accountIds: readonly string[]): void {
  ctx.afterCommit(() => {
    for (const id of accountIds) ctx.app.realtime.disconnect('staff', rooms.staff(id))
  })
}
