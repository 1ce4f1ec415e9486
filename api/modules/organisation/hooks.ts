import type { Ctx, StaffActor } from '../../core/context.ts'

/** One kind of thing that a leaving colleague's successor takes over (离职继承). */
export interface Leaving {
  /** `regular_customers`, `relations`, `memberships`, `conversations`, … : worded by `handover.{kind}` on screen. */
  kind: string
  /** How many there are now; ≥ 0. Reads only. */
  count(ctx: Ctx, accountId: string): Promise<number>
  /** Moves all of them, in the caller's transaction; what both had already is joined. @returns how many moved */
  handOver(ctx: Ctx<StaffActor>, between: { from: string; to: string }): Promise<number>
}

/** Why an account was disabled: `disabled` by hand, `left` after a hand-over. */
export type DisabledReason = 'disabled' | 'left'

declare module '../../core/modules.ts' {
  interface Hooks {
    'staff.leaving'?: Leaving | readonly Leaving[]
    /** He may not work any more: whoever gave him work takes it back, in the same transaction. */
    'staff.disabled'?: (ctx: Ctx, accountId: string, reason: DisabledReason) => Promise<void>
    /** Accounts that share a team with the reader, for the data scope `team`. */
    'staff.colleagues'?: (ctx: Ctx<StaffActor>) => Promise<string[]>
  }
}
