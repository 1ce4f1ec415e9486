import type { Ctx, StaffActor } from '../../core/context.ts'
import type { Reason, WorkKind } from '../../contract/routing.ts'
import type { Familiar } from './strategies/strategy.ts'

/** What the order of a queue and the conditions of policies want to know of work that comes in. */
export interface WorkFacts {
  channelKind: string | null
  tagIds: string[]
  /** Milliseconds since his last conversation ended; null: there was none. */
  sinceLastMs: number | null
}

export interface WorkPlace {
  /** Null: it is about nobody. */
  customerId: string | null
  channelAccountId: string | null
  teamId: string | null
  businessTypeId: string | null
}

/** What of the work itself conditions ask for, and what may change while it waits. */
export interface WorkTraits {
  ticketTypeId: string
  priority: string
}

/** One kind of work that is assigned here. Routing never asks for more than this, and never names a conversation. */
export interface AssignableWork {
  kind: WorkKind
  /** By customer and channel account, in the order asked: what is not known is null. One statement for all. */
  facts(ctx: Ctx, entries: readonly { customerId: string | null; channelAccountId: string | null }[]): Promise<WorkFacts[]>
  /** What is known of one, waiting or held; null: there is none. */
  place(ctx: Pick<Ctx, 'trx'>, workId: string): Promise<WorkPlace | null>
  /** By work, as it is now; absent: it has none. One statement for all. */
  traits?(ctx: Pick<Ctx, 'trx'>, workIds: readonly string[]): Promise<ReadonlyMap<string, WorkTraits>>
  /** Types that a policy names. @throws Invalid for one that is not there */
  checkTypes?(ctx: Pick<Ctx, 'trx'>, typeIds: readonly string[]): Promise<void>
  /** Whether the reader may see it at all. */
  sees(ctx: Ctx<StaffActor>, workId: string): Promise<boolean>
  /** As `familiar`, of a customer without any work. */
  familiarTo(ctx: Pick<Ctx, 'trx'>, customerId: string): Promise<Familiar[]>
  /** Who served the customers of this work lately, by work; newest first. One statement for all. */
  familiar(ctx: Pick<Ctx, 'trx'>, workIds: readonly string[]): Promise<ReadonlyMap<string, Familiar[]>>
  /** How people call it: the customer's name; what may be seen by whoever sees its assignment. One statement for all. */
  labels(ctx: Pick<Ctx, 'trx'>, workIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Locks those of these that still wait and that nobody else is just changing. @returns their ids */
  lockWaiting(ctx: Ctx, workIds: readonly string[]): Promise<string[]>
  /** They wait in another queue now: the work says so too. For work that is locked. */
  moved(ctx: Ctx, workIds: readonly string[], to: { teamId: string | null; reason: Reason }): Promise<void>
  /** Of these, who may be given such work; absent: whoever is there. One statement for all. */
  able?(ctx: Pick<Ctx, 'trx'>, accountIds: readonly string[]): Promise<ReadonlySet<string>>
  /** From being given work to turning to it, per account, on average over the last two hours, in whole seconds. */
  responses(ctx: Pick<Ctx, 'trx'>): Promise<ReadonlyMap<string, number>>
}

declare module '../../core/modules.ts' {
  interface Hooks {
    'routing.work'?: AssignableWork
    /** These accounts are gone (their browsers, without a word) and cannot answer: what they hold goes back, in the same transaction. */
    'agent.absent'?: (ctx: Ctx, accountId: string) => Promise<void>
  }
}

/** Undefined where no module has such work (yet). */
export const workOf = (ctx: Pick<Ctx, 'app'>, kind: WorkKind): AssignableWork | undefined =>
  ctx.app.hooks.all('routing.work').find((work) => work.kind === kind)
