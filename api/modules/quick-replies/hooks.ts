import type { KnownValues } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** What a higher module knows about this conversation: the number of its ticket. */
    'quick-reply.values'?: (ctx: Ctx<StaffActor>, conversationId: string) => Promise<KnownValues>
  }
}
