import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Notification } from '../../contract/notification.ts'
import type { Clock, SlaPolicy, TicketClocks } from '../../contract/sla.ts'
import type { Team } from '../../contract/team.ts'
import type { TicketType } from '../../contract/ticket-type.ts'
import type { TicketDetail } from '../../contract/ticket.ts'
import { fireAllTimers } from '../../modules/tickets/sla/timers.ts'
import { PUBLIC_URL } from '../installation.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

/** Clocks of tickets while processes die and their own clocks are wrong (I6, F11). Here nobody fires timers but who is told to. */
const WORKER = fileURLToPath(new URL('./clock-worker.ts', import.meta.url))
const MINUTE = 60_000
const TEN = 10 * MINUTE

let it: TestApp
let agent: StaffClient
let team: Team
let typeId: string
const workers: ChildProcess[] = []

interface Worker {
  url: string
  /** Resolves with what it says next. */
  tell(deed: 'fire' | 'fire-and-hold'): Promise<object>
  kill(): Promise<void>
}

async function startWorker(environment: Record<string, string>): Promise<Worker> {
  const { config } = it.process.app
  const child = fork(WORKER, [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      PORT: '0',
      PUBLIC_URL,
      TRUSTED_PROXIES: '127.0.0.1',
      DATABASE_URL: config.databaseUrl,
      REDIS_URL: config.redisUrl,
      REDIS_PREFIX: config.redisPrefix,
      DATA_DIR: config.dataDir,
      LOG_LEVEL: 'silent',
      ...environment,
    },
  })
  workers.push(child)
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  return {
    url,
    async tell(deed) {
      const answer = once(child, 'message')
      child.send(deed)
      return ((await answer) as [object])[0]
    },
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  const admin = await it.staff('admin')
  agent = await it.staff('agent', '负责人')
  team = await admin.post<Team>('/teams', { name: unique('工单组'), leaderId: agent.me.id })
  typeId = (await admin.get<TicketType[]>('/ticket-types')).find(({ fields }) => fields.every((field) => field.requiredIn.length === 0))!.id
  for (const { id, version } of await admin.get<SlaPolicy[]>('/sla/policies'))
    await admin.ask('DELETE', `/sla/policies/${id}?version=${version}`)
  const targets = { first_response: null, next_response: null, resolution: 5 }
  await admin.post<SlaPolicy>('/sla/policies', {
    name: unique('承诺'),
    targets: { urgent: targets, high: targets, normal: targets, low: targets },
    calendar: { source: 'always', calendarId: null },
    steps: [{ percent: 100, to: ['assignee'] }],
  })
}, 120_000)
afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill('SIGKILL')
})
afterAll(() => it.stop())

const newTicket = (client = agent) =>
  client.post<TicketDetail>('/tickets', { title: unique('打印机不工作'), typeId, teamId: team.id, assigneeId: agent.me.id })
const clock = async ({ id }: { id: string }): Promise<Clock> => (await agent.get<TicketClocks>(`/tickets/${id}/sla`)).clocks[0]!
const kinds = async (ticket: { id: string }) => (await clock(ticket)).events.map(({ kind }) => kind)
const told = async ({ id }: { id: string }) =>
  (await agent.get<Notification[]>('/notifications?limit=100')).filter(
    ({ kind, link }) => kind === 'ticket.sla_breached' && link === `/tickets/${id}`,
  )
const ms = (iso: string | null) => Date.parse(iso ?? '')

describe('a worker that is killed at the moment of the breach', () => {
  test('I6 dead between the deed and its commit it has done nothing; while it lived nobody did it twice, and then another does it once', async () => {
    const ticket = await newTicket()
    const { dueAt } = await clock(ticket)
    const worker = await startWorker({})
    await it.travel(TEN)
    expect(await worker.tell('fire-and-hold')).toEqual({ fired: 1 })
    await fireAllTimers(it.process.app)
    expect(await kinds(ticket)).toEqual(['activate'])
    await worker.kill()
    await until(async () => {
      await Promise.all([1, 2, 3].map(() => fireAllTimers(it.process.app)))
      expect(await kinds(ticket)).toEqual(['activate', 'breach'])
    })
    expect((await clock(ticket)).events[1]).toMatchObject({ at: dueAt, countedSeconds: 300 })
    await until(async () => expect(await told(ticket)).toHaveLength(1))
  })
})

describe('processes whose clocks are ten minutes apart from the rest', () => {
  test('I6 F11 a promise given by one and kept by the other is counted by the database’s clock alone, and breaks once', async () => {
    const ahead = await startWorker({ SKEW_MS: String(TEN), ROLES: 'api,jobs' })
    const behind = await startWorker({ SKEW_MS: String(-TEN), ROLES: 'api,jobs' })
    const [early, late] = [await it.logIn(agent.me.username, ahead.url), await it.logIn(agent.me.username, behind.url)]
    const ticket = await newTicket(early)
    expect(Math.abs(ms(ticket.createdAt) - it.now())).toBeLessThan(TEN / 2)
    const { dueAt } = await clock(ticket)
    expect(ms(dueAt) - ms(ticket.createdAt)).toBe(5 * MINUTE)
    await early.post(`/tickets/${ticket.id}/moves`, { to: 'waiting_customer' })
    await late.post(`/tickets/${ticket.id}/moves`, { to: 'in_progress' })
    const [, paused, resumed] = (await clock(ticket)).events
    const stood = ms(resumed!.at) - ms(paused!.at)
    expect(stood).toBeGreaterThanOrEqual(0)
    expect(ms((await clock(ticket)).dueAt) - ms(dueAt)).toBe(stood)
    for (const worker of [ahead, behind]) expect(await worker.tell('fire')).toEqual({ done: 'fire' })
    expect(await kinds(ticket)).not.toContain('breach')
    await it.travel(6 * MINUTE)
    await until(async () => expect(await kinds(ticket)).toEqual(['activate', 'pause', 'resume', 'breach']))
    await Promise.all([ahead, behind].map((worker) => worker.tell('fire')))
    const { events, breachedAt } = await clock(ticket)
    expect(events.filter(({ kind }) => kind === 'breach').map(({ at }) => at)).toEqual([breachedAt])
    expect(events.every(({ naturalSeconds, countedSeconds }) => naturalSeconds >= countedSeconds && countedSeconds >= 0)).toBe(true)
    await until(async () => expect(await told(ticket)).toHaveLength(1))
  })
})
