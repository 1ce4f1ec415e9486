/** Questions to the product's API as people ask them, each several times, and how long it takes. */
import { z } from 'zod'
import { percentile } from './statistics.ts'

/** Where to ask, and as whom: several sessions of each, since one alone would ask more often than one person may. */
export const doorsSchema = z.object({ url: z.string(), origin: z.string(), cookies: z.record(z.string(), z.array(z.string())) })
export type Doors = z.infer<typeof doorsSchema>

export interface Question {
  title: string
  as: string
  /** Different in each asking, so that no answer is a remembered one. */
  path(turn: number): string
  /** Asked by POST with this. */
  body?(turn: number): object
}

const SLOWEST = 5

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function ask({ url, origin, cookies }: Doors, { as, path, body: bodyOf }: Question, turn: number): Promise<void> {
  const sessions = cookies[as] ?? []
  const cookie = sessions[turn % sessions.length] ?? ''
  const post = bodyOf && {
    method: 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(turn)),
  }
  const answer = await fetch(`${url}/api/v1${path(turn)}`, post ?? { headers: { cookie } })
  const body = await answer.text()
  if (answer.status !== 200) throw new Error(`${path(turn)}: ${answer.status} ${body}`)
}

export interface Measured {
  /** Milliseconds of each asking. */
  times: number[]
  /** Of each question the fastest: what the product takes where nothing else has the processor. */
  best: number[]
  slowest: string
}

/** The same questions several times. */
export async function measure(doors: Doors, asked: readonly Question[], turns: number): Promise<Measured> {
  const times: number[] = []
  const best: number[] = []
  const byQuestion: [title: string, p95: number][] = []
  for (const question of asked) {
    const own: number[] = []
    for (let turn = 0; turn <= turns; turn++) {
      const took = await timed(() => ask(doors, question, turn))
      // The first finds nothing in memory: that is another measurement.
      if (turn > 0) own.push(took)
    }
    times.push(...own)
    best.push(Math.min(...own))
    byQuestion.push([`${question.as}: ${question.title}`, percentile(own, 0.95)])
  }
  const slowest = byQuestion.sort((a, b) => b[1] - a[1]).slice(0, SLOWEST)
  return { times, best, slowest: slowest.map(([title, p95]) => `\n  ${p95.toFixed(0).padStart(5)} ms  ${title}`).join('') }
}
