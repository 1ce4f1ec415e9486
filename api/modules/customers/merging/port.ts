/** How other modules take part when two customers become one: what hangs on them moves along, and back. */
import type { Ctx } from '../../../core/context.ts'

export interface MergingPair {
  /** Goes into the other and answers for him from then on. */
  from: string
  into: string
}

export interface Merging {
  /** `conversations`, `relations`, … : what the preview counts it under; unique among providers. */
  kind: string
  /** How many rows would move. Reads only. */
  count(ctx: Ctx, customerId: string): Promise<number>
  /**
   * Moves what hangs on `from` to `into`, in the caller's transaction, which holds both customers and all their identities.
   * @returns what `undo` will need, as plain JSON
   */
  merge(ctx: Ctx, pair: MergingPair): Promise<unknown>
  /**
   * Puts it back as it was. What has come since belongs to whom its identity belongs.
   * @param done what `merge` returned; came out of the database: parse it
   * @param identityIds identities that go back to `from`; already his again
   */
  undo(ctx: Ctx, pair: MergingPair & { identityIds: readonly string[] }, done: unknown): Promise<void>
}

declare module '../../../core/modules.ts' {
  interface Hooks {
    'customer.merging'?: Merging | readonly Merging[]
  }
}
