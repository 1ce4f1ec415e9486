/** Who gets it: five hundred agents, five thousand open conversations, two hundred new ones a second; from the look at the queue to the commit. */
import { z } from 'zod'
import type { Case, Figure } from '../measurements.ts'
import { percentile } from '../statistics.ts'

const PER_SECOND = 200

export const askedSchema = z.object({ perSecond: z.number(), seconds: z.number() })

export const assignment: Case = {
  ids: ['assignment'],
  async run({ services, start, rounds, seconds, warmUpSeconds, say }) {
    const child = start('assignment-server.ts', {
      DATABASE_URL: await services.createDatabase('assignment'),
      REDIS_URL: services.redisUrl,
      REDIS_PREFIX: 'bench-assignment',
      DATA_DIR: services.folder,
    })
    const ask = (forSeconds: number) => child.ask({ perSecond: PER_SECOND, seconds: forSeconds }, z.array(z.number()))
    await ask(Math.max(1, warmUpSeconds))
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push(...(await ask(seconds)))
    say(`assignment: ${times.length} rounds, median ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`)
    const figure = (id: string, title: string, share: number, must: Figure['must']): Figure => ({
      id,
      title,
      product: percentile(times, share),
      reference: null,
      unit: 'ms',
      must,
    })
    return [
      figure('assignment.p50', `a round of assigning at ${PER_SECOND} new conversations a second`, 0.5, null),
      figure('assignment.p99', 'the same, 99th percentile', 0.99, { atMost: 20 }),
    ]
  },
}
