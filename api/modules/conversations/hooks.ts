/** How higher modules take part in what is said. */
import type { MessagePart } from '../../contract/message.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import type { MessageRow } from './model.ts'

/** What is to be done with words of staff that are about to be stored. */
export interface ScreenedOutbound {
  parts: readonly MessagePart[]
  /** Kept back until somebody agrees (`releaseApproved`, `refuseHeld`). */
  hold: boolean
  /** Called with the stored message, in the same transaction. */
  stored(ctx: Ctx, message: MessageRow): Promise<void>
}

/** Something was found in a customer's words. */
export interface ScreenedInbound<Finding = unknown> {
  parts: MessagePart[]
  finding: Finding
}
export interface FoundInbound {
  conversationId: string
  seq: number
  messageId: string
  customerId: string
  finding: unknown
}
export interface InboundScreen {
  /** Pure and quick: it stands in the way of every message. Null: nothing found. */
  screen(parts: readonly MessagePart[]): ScreenedInbound | null
  /** What was found in a batch, after its messages are stored; not called when nothing was. */
  found(ctx: Ctx, findings: readonly FoundInbound[]): Promise<void>
}

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Looks at an agent's words before they are stored. Null: nothing found. @throws Invalid when they may not be sent */
    'message.outbound'?: (
      ctx: Ctx<StaffActor>,
      message: { conversationId: string; customerId: string; parts: readonly MessagePart[] },
    ) => Promise<ScreenedOutbound | null>
    /** Looks at customers' words; null while there is nothing to look for. Costs no query in most cases: it is asked with every batch. */
    'message.inbound'?: (ctx: Pick<Ctx, 'app' | 'trx'>) => Promise<InboundScreen | null>
  }
}
