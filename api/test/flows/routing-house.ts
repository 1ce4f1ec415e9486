/** A house with people and teams for the tests of assigning: each begins with nobody online and nothing waiting. */
import type { Conversation } from '../../contract/conversation.ts'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { DryRun, Policy, QueueRule } from '../../contract/routing.ts'
import type { Team } from '../../contract/team.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

export interface House {
  it: TestApp
  admin: StaffClient
  web: { id: string }
  team(people: StaffClient[], more?: object): Promise<Team>
  /** @returns id of the conversation, once there */
  newcomer(text?: string, page?: { id: string }): Promise<string>
  /** Straight into a team's queue, as if he had been matched with it. */
  newcomerFor(team: Team): Promise<string>
  row(id: string): Promise<Conversation>
  holderOf(id: string): Promise<string | null>
  untilHeldBy(id: string, who: StaffClient): Promise<void>
  loadOf(who: StaffClient): Promise<number>
  policy(more: object): Promise<Policy>
  rule(more: object): Promise<QueueRule>
  dryRun(request: object): Promise<DryRun>
  skills(): Promise<DictionaryEntry[]>
  /** Runs a schedule now, as the clock would. */
  run(name: string): Promise<void>
  /** Nobody online, nothing waiting, no policies, rules of the house as they came. */
  empty(): Promise<void>
}

export async function startHouse(): Promise<House> {
  const it = await startTestApp()
  const admin = await it.staff('admin')
  const web = await it.connectWeb()
  const { app } = it.process
  const run = async (name: string) => {
    const schedule = app.modules.flatMap(({ schedules = [] }) => schedules).find((each) => each.name === name)
    if (!schedule) throw new Error(`no schedule ${name}`)
    await schedule.run(app)
  }
  const newcomer = async (text = '在吗', page = web) => {
    const customer = await it.webCustomer(page.id)
    await customer.say(text)
    return (await customer.history()).conversation?.id ?? ''
  }
  const holderOf = async (id: string) => (await admin.conversation(id)).assignee?.id ?? null
  return {
    it,
    admin,
    web,
    run,
    newcomer,
    holderOf,
    row: (id) => admin.conversation(id),
    async team(people, more = {}) {
      const team = await admin.post<Team>('/teams', { name: unique('组'), ...more })
      if (people.length === 0) return team
      return admin.post<Team>(`/teams/${team.id}/members`, { accountIds: people.map(({ me }) => me.id), role: 'agent' })
    },
    async newcomerFor(team) {
      const id = await newcomer()
      await admin.post('/supervision/assignments', {
        items: [{ id, seen: { assigneeId: null, teamId: null } }],
        to: { kind: 'team', teamId: team.id },
        force: true,
        clientKey: newKey(),
      })
      return id
    },
    untilHeldBy: (id, who) =>
      until(async () => {
        const holder = await holderOf(id)
        if (holder !== who.me.id) throw new Error(`held by ${holder ?? 'nobody'}`)
      }),
    async loadOf({ me }) {
      const held: unknown[] = await app.db('assignments').where({ account_id: me.id }).whereNull('ended_at').select('id')
      return held.length
    },
    policy: (more) => admin.post<Policy>('/routing/policies', { workKind: 'conversation', name: unique('策略'), ...more }),
    async rule(more) {
      const { teamId = null } = more as { teamId?: string | null }
      const rules = await admin.get<QueueRule[]>('/routing/queue-rules')
      const version = rules.find((each) => (each.team?.id ?? null) === teamId)?.version ?? 0
      const after = await admin.put<QueueRule[]>('/routing/queue-rules', { teamId, version, ...more })
      return after.find((each) => (each.team?.id ?? null) === teamId)!
    },
    dryRun: (request) => admin.post<DryRun>('/routing/dry-run', request),
    skills: () => admin.get<DictionaryEntry[]>('/dictionaries/skill'),
    async empty() {
      await app.db('presences').update({ status: 'offline' })
      // Whoever came a moment ago may just be given what waits.
      await it.process.idle()
      const waiting: { id: string }[] = await app.db('conversations').select('id').where({ status: 'queued' })
      // One after the other: after a thousand races hundreds wait.
      for (const { id } of waiting) await admin.post(`/conversations/${id}/accept`)
      for (const { id, version } of await admin.get<Policy[]>('/routing/policies'))
        await admin.ask('DELETE', `/routing/policies/${id}?version=${version}`)
      for (const { id, version, team } of await admin.get<QueueRule[]>('/routing/queue-rules')) {
        if (team) await admin.ask('DELETE', `/routing/queue-rules/${id}?version=${version}`)
        else await admin.put('/routing/queue-rules', { teamId: null, version })
      }
    },
  }
}

export const people = (house: House, count: number): Promise<StaffClient[]> =>
  Promise.all(Array.from({ length: count }, () => house.it.staff('agent')))
