/** The supervisor's board in a large house under load: from a change until the board in his browser is right again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { freePort } from '../../../embedded/free-port.ts'
import { page } from '../../../contract/list.ts'
import { boardConversationSchema, type Board } from '../../../contract/supervision.ts'
import { OPEN } from '../data/many-agents.ts'
import { type Supervisor, watchBoard, type Watcher } from '../load/board-watcher.ts'
import type { Bench, Case, Figure } from '../measurements.ts'
import { type Load, measuredSchema, targetSchema } from '../messages.ts'
import { percentile } from '../statistics.ts'

const PER_SECOND = 200
/** Beside those whose conversation is open: they write for the first time, and are assigned. */
const NEWCOMERS = 200
/** Changes come at any moment of the server's own rhythm. */
const PAUSES_MS = [0, 137, 274, 411, 548, 685]

const houseSchema = z.object({
  target: targetSchema,
  supervisor: z.object({ url: z.string(), cookie: z.string(), ticket: z.string() }),
  /** Two who are given nothing by the policies. */
  agents: z.array(z.string()),
})
export type House = z.infer<typeof houseSchema>

const listed = page(boardConversationSchema)
const agentOn = (board: Board, id: string) => board.agents.find(({ account }) => account.id === id)

interface Hands {
  watcher: Watcher
  agents: readonly [string, string]
}

/** Somebody's status: the wall shows it. @returns ms from asking for the change, which is earlier than the change */
async function changeStatus({ watcher, agents: [one] }: Hands, turn: number): Promise<number> {
  const status = turn % 2 === 0 ? 'break' : 'busy'
  const began = performance.now()
  await watcher.call('PUT', `/staff/${one}/presence`, { status, note: 'bench' })
  await watcher.until((board) => agentOn(board, one)?.status === status)
  return performance.now() - began
}

/** A conversation goes from one to the other: the wall shows both loads. */
async function handOver({ watcher, agents }: Hands, turn: number): Promise<number> {
  const [from, to] = turn % 2 === 0 ? agents : [agents[1], agents[0]]
  const { data } = listed.parse(await watcher.call('GET', `/supervision/conversations?status=open&assigneeId=${from}&limit=1`))
  const [row] = data
  if (!row) throw new Error('he has none left')
  const loads = { from: agentOn(watcher.board(), from)?.load ?? 0, to: agentOn(watcher.board(), to)?.load ?? 0 }
  const began = performance.now()
  await watcher.call('POST', '/supervision/assignments', {
    items: [{ id: row.id, seen: { assigneeId: from, teamId: row.team?.id ?? null } }],
    to: { kind: 'agent', accountId: to },
    force: false,
    clientKey: `bench-${began.toFixed(3)}-${turn}`,
  })
  await watcher.until((board) => agentOn(board, from)?.load === loads.from - 1 && agentOn(board, to)?.load === loads.to + 1)
  return performance.now() - began
}

async function changes(hands: Hands, until: number): Promise<number[]> {
  const times: number[] = []
  for (let turn = 0; performance.now() < until; turn++) {
    await sleep(PAUSES_MS[turn % PAUSES_MS.length])
    times.push(await changeStatus(hands, turn))
    await sleep(PAUSES_MS[(turn * 5 + 2) % PAUSES_MS.length])
    times.push(await handOver(hands, turn))
  }
  return times
}

async function startHouse({ services, start }: Bench): Promise<House> {
  const child = start('board-server.ts', {
    DATABASE_URL: await services.createDatabase('board'),
    REDIS_URL: services.redisUrl,
    REDIS_PREFIX: 'bench-board',
    PLATFORM_URL: services.platformUrl,
    DATA_DIR: `${services.folder}/board`,
    PORT: String(await freePort()),
  })
  return child.ask('house', houseSchema)
}

async function watchFor(supervisor: Supervisor, agents: readonly string[], bench: Bench) {
  const [one, other] = agents
  if (one === undefined || other === undefined) throw new Error('two agents are needed')
  const watcher = await watchBoard(supervisor)
  try {
    await sleep(bench.warmUpSeconds * 1000)
    watcher.looks.splice(0)
    const times = await changes({ watcher, agents: [one, other] }, performance.now() + bench.rounds * bench.seconds * 1000)
    return { times, looks: watcher.looks }
  } finally {
    watcher.close()
  }
}

const figure = (id: string, title: string, product: number, must: Figure['must'] = null): Figure => ({
  id,
  title,
  product,
  reference: null,
  unit: 'ms',
  must,
})

export const board: Case = {
  ids: ['board'],
  async run(bench) {
    const { target, supervisor, agents } = await startHouse(bench)
    const seconds = bench.rounds * bench.seconds
    const load: Load = {
      target,
      mode: 'steady',
      rate: PER_SECOND,
      conversations: OPEN + NEWCOMERS,
      warmUpSeconds: bench.warmUpSeconds,
      seconds: seconds + 2,
    }
    const [delivered, { times, looks }] = await Promise.all([
      bench.start('load/generator.ts').ask(load, measuredSchema),
      watchFor(supervisor, agents, bench),
    ])
    const { perSecond, p50, p99, lost, errors } = delivered
    bench.say(
      `  board        ${times.length} changes; ${perSecond.toFixed(0)} messages/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms, lost ${lost}, errors ${errors}`,
    )
    const what = `from a change until the board is right, ${PER_SECOND} messages a second`
    return [
      figure('board.p50', what, percentile(times, 0.5)),
      figure('board.p99', 'the same, 99th percentile', percentile(times, 0.99), { atMost: 1000 }),
      figure('board.look', 'one look at the board, median', percentile(looks, 0.5)),
      figure('board.messages.p99', 'callback to agent meanwhile, 99th percentile', p99),
    ]
  },
}
