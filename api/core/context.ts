/** What every use case gets: the transaction, who acts, the one time of this transaction, and what happens after its commit. */
import type { Knex } from 'knex'
import type { App } from './app.ts'
import type { DomainEvent } from './events/domain-events.ts'
import { insertEvents } from './events/domain-events.ts'
import type { Logger } from './logger.ts'
import type { Push } from './realtime/realtime.ts'
import type { DataScope, Permission } from '../contract/identity.ts'
import type { CustomerLoginMethod } from '../contract/registration.ts'

export interface StaffActor {
  kind: 'staff'
  accountId: string
  sessionId: string
  /** Code of his role. Who may what is asked of `permissions`, not of this. */
  roleCode: string
  name: string
  permissions: ReadonlySet<Permission>
  /** Whose rows he reaches, where no permission says otherwise. */
  dataScope: DataScope
  /** He knows his password from somebody else: until he has changed it, nothing is open to him but that. */
  mustChangePassword: boolean
}
export interface CustomerActor {
  kind: 'customer'
  customerId: string
  identityId: string
  channelAccountId: string
  externalId: string
  /** Of his token. `method` is null for a visitor who has not signed in. */
  session: { id: string; method: CustomerLoginMethod | null; since: Date }
}
/** The product itself: workers, schedules, seeds. */
export interface SystemActor {
  kind: 'system'
}
export type Actor = StaffActor | CustomerActor | SystemActor
export const SYSTEM: SystemActor = { kind: 'system' }

/** Where a request came from; told to the audit trail. */
export interface RequestSource {
  /** Client address, through trusted proxies only. */
  ip: string
  userAgent: string | null
}

export interface Ctx<A extends Actor = Actor> {
  app: App
  /** A transaction when writing; the pool when a route only reads. */
  trx: Knex
  actor: A
  /** Null for what the product does by itself. */
  source: RequestSource | null
  now: Date
  log: Logger
  /** Stored with the transaction; listeners get it at least once. */
  emit(event: DomainEvent): void
  /** Sent to sockets after the commit; a hint, never the truth. */
  push(...pushes: Push[]): void
  /** Rung after the commit: somebody has work to look for. */
  wake(topic: string): void
  /** Runs after the commit, outside the transaction. */
  afterCommit(work: () => void | Promise<void>): void
}

/** Opens a transaction, runs `work`, stores its events, commits, then pushes and wakes. No network call belongs inside. */
export async function inTransaction<T, A extends Actor>(
  app: App,
  actor: A,
  work: (ctx: Ctx<A>) => Promise<T>,
  source: RequestSource | null = null,
): Promise<T> {
  const events: DomainEvent[] = []
  const pushes: Push[] = []
  const topics = new Set<string>()
  const later: (() => void | Promise<void>)[] = []
  const result = await app.db.transaction(async (trx) => {
    const ctx: Ctx<A> = {
      app,
      trx,
      actor,
      source,
      now: await app.clock.now(trx),
      log: app.log,
      emit: (event) => void events.push(event),
      push: (...more) => void pushes.push(...more),
      wake: (topic) => void topics.add(topic),
      afterCommit: (work) => void later.push(work),
    }
    const value = await work(ctx)
    if (events.length > 0) {
      for (const topic of await insertEvents(app, trx, events, ctx.now)) topics.add(topic)
    }
    return value
  })
  app.realtime.publish(pushes)
  for (const topic of topics) app.wakeups.ring(topic)
  for (const work of later) await work()
  return result
}

/** For reads: no transaction, nothing to emit. */
export async function readOnly<A extends Actor>(app: App, actor: A, source: RequestSource | null = null): Promise<Ctx<A>> {
  const refuse = () => {
    throw new Error('a read-only context cannot emit')
  }
  return {
    app,
    trx: app.db,
    actor,
    source,
    now: await app.clock.now(app.db),
    log: app.log,
    emit: refuse,
    push: refuse,
    wake: refuse,
    afterCommit: refuse,
  }
}
