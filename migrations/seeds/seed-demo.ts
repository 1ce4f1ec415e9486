/** Makes the demo through the use cases that make real data, with the database's clock set back to when it happened. */
import type { App } from '#api/core/app.ts'
import type { Config } from '#api/core/config.ts'
import { inTransaction, SYSTEM, type StaffActor } from '#api/core/context.ts'
import { claimDeliveries, createAccount, recordInbound } from '#api/modules/channels/index.ts'
import {
  acceptConversation,
  closeConversation,
  ConversationRow,
  markReadByStaff,
  recordDeliveryOutcome,
  reply,
} from '#api/modules/conversations/index.ts'
import { nameCustomer, PROFILE_TOPIC } from '#api/modules/customers/index.ts'
import { Account, createStaff, staffActor } from '#api/modules/identity/index.ts'
import { receiveMessages } from '#api/modules/intake/index.ts'
import { withApp } from '#api/with-app.ts'
import {
  conversations,
  customers,
  DEMO_PASSWORD,
  officialAccount,
  staff,
  waiting,
  waitingCustomer,
  webAccount,
  type DemoConversation,
  type DemoLine,
} from './demo.ts'
import { seedCustomers } from './seed-customers.ts'
import { seedOrganisation } from './seed-organisation.ts'
import { seedLogin } from './seed-login.ts'
import { seedQuickReplies } from './seed-quick-replies.ts'
import { seedSegments } from './seed-segments.ts'
import { seedSettings } from './seed-settings.ts'
import { seedTeams } from './seed-teams.ts'
import { seedTickets } from './seed-tickets.ts'

/** Three days. */
const SET_UP_MINUTES_AGO = 3 * 24 * 60

/** Does nothing where anybody is already at work. */
export const seedDemo = (config: Config): Promise<void> =>
  withApp(config, async (app) => {
    const anybody = await Account.query(app.db).findOne({ kind: 'staff' }).select('id')
    if (anybody) return
    const people = await hire(app)
    await connectChannels(app)
    // Today: the first privacy text is as old as the installation, and the company's own cannot be older.
    await seedSettings(app, actorOf(people, 'admin'))
    try {
      await at(app, SET_UP_MINUTES_AGO, () => seedLogin(app, people, actorOf(people, 'admin')))
      await at(app, SET_UP_MINUTES_AGO, () => seedOrganisation(app, actorOf(people, 'admin'), people))
      for (const conversation of conversations) await play(app, conversation, people)
      for (const line of waiting) await at(app, line.ago, () => write(app, waitingCustomer, line))
      await seedCustomers({ app, staff: people, at: (minutesAgo, work) => at(app, minutesAgo, work) })
    } finally {
      await app.db('clock_offsets').delete()
    }
    for (const { openId, remarkName } of customers)
      if (remarkName !== undefined) await nameCustomer(app.db, officialAccount.id, openId, remarkName)
    await seedTeams(app, actorOf(people, 'admin'))
    try {
      await seedTickets({
        app,
        actorOf: (username) => actorOf(people, username),
        at: (minutesAgo, work) => at(app, minutesAgo, work),
      })
    } finally {
      await app.db('clock_offsets').delete()
    }
    await seedQuickReplies(app, {
      administrator: actorOf(people, 'admin'),
      agent: actorOf(people, 'agent1'),
    })
    await seedSegments(app, actorOf(people, 'supervisor'), actorOf(people, 'agent1'))
    app.wakeups.ring(PROFILE_TOPIC)
  })

async function hire(app: App): Promise<Map<string, StaffActor>> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const hired = new Map<string, StaffActor>()
    for (const person of staff) {
      const account = await createStaff(ctx, { ...person, password: DEMO_PASSWORD })
      hired.set(person.username, await staffActor(ctx.trx, account.id))
    }
    return hired
  })
}

function actorOf(people: ReadonlyMap<string, StaffActor>, username: string): StaffActor {
  const actor = people.get(username)
  if (!actor) throw new Error(`nobody is called ${username}`)
  return actor
}

async function connectChannels(app: App): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    await createAccount(ctx, {
      id: officialAccount.id,
      kind: 'wechat-official',
      name: officialAccount.name,
      config: officialAccount.settings,
    })
    await createAccount(ctx, { id: webAccount.id, kind: 'web', name: webAccount.name, config: webAccount.settings })
  })
}

/** Runs `work` as if it were some minutes ago. */
async function at<T>(app: App, minutesAgo: number, work: () => Promise<T>): Promise<T> {
  await app
    .db('clock_offsets')
    .insert({ only_row: true, offset_by: `-${minutesAgo} minutes` })
    .onConflict('only_row')
    .merge()
  return work()
}

async function write(app: App, openId: string, line: DemoLine): Promise<void> {
  const occurredAt = (await app.clock.now(app.db)).toISOString()
  const event = { kind: 'message', occurredAt, from: { externalId: openId }, opens: 'message', parts: [{ type: 'text', text: line.text }] }
  const externalKey = `demo:${openId}:${line.ago}`
  await recordInbound(app.db, [
    { channelAccountId: officialAccount.id, externalKey, kind: 'message', sender: openId, event, raw: JSON.stringify(event), occurredAt },
  ])
  await receiveMessages(app, [{ channelAccountId: officialAccount.id, sender: openId }])
}

async function play(
  app: App,
  { customer, agent, lines, closed }: DemoConversation,
  people: ReadonlyMap<string, StaffActor>,
): Promise<void> {
  const actor = actorOf(people, agent)
  for (const line of lines) {
    await at(app, line.ago, async () => {
      if (line.by === 'customer') return write(app, customer, line)
      await answer(app, actor, customer, line)
    })
  }
  const open = await openOf(app, customer)
  if (closed) await inTransaction(app, actor, (ctx) => closeConversation(ctx, open.id, { reason: closed }))
}

async function openOf(app: App, openId: string): Promise<ConversationRow> {
  return ConversationRow.query(app.db)
    .joinRaw('join customer_identities i on i.id = conversations.identity_id')
    .where('i.value', openId)
    .whereNot('conversations.status', 'closed')
    .select('conversations.*')
    .first()
    .throwIfNotFound()
}

/** What was answered in the past has also arrived in the past: no platform is called. */
async function answer(app: App, actor: StaffActor, openId: string, line: DemoLine): Promise<void> {
  const conversation = await openOf(app, openId)
  await inTransaction(app, actor, async (ctx) => {
    if (conversation.status === 'queued') await acceptConversation(ctx, conversation.id)
    await markReadByStaff(ctx, conversation.id, conversation.last_seq)
    await reply(ctx, conversation.id, { clientKey: `demo-${line.ago}-${openId.slice(-8)}`, parts: [{ type: 'text', text: line.text }] })
  })
  for (const claim of await claimDeliveries(app.db, 10, [])) await recordDeliveryOutcome(app, claim, { state: 'sent' })
}
