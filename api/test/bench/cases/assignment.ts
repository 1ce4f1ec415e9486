/** Who gets it: five hundred agents, five thousand open conversations, two hundred new ones a second; from the look at the queue to the commit. */
import { z } from 'zod'
import type { Case, Figure } from '../measurements.ts'
import { percentile } from '../statistics.ts'

const PER_SECOND = 200

export const askedSchema = z.object({ perSecond: z.number(), seconds: z.number() })

/** Milliseconds of one round, from its beginning. */
const timed = z.object({
  /** Until it is decided and written who has what. */
  decided: z.number(),
  /** Until it is committed and told. */
  told: z.number(),
  /** A transaction of as many statements that do nothing, right after it. */
  bare: z.number(),
})
export type Timed = z.infer<typeof timed>

export const assignment: Case = {
  ids: ['assignment'],
  async run({ services, start, rounds, seconds, warmUpSeconds, say }) {
    const child = start('assignment-server.ts', {
      DATABASE_URL: await services.createDatabase('assignment'),
      REDIS_URL: services.redisUrl,
      REDIS_PREFIX: 'bench-assignment',
      DATA_DIR: services.folder,
    })
    const ask = (forSeconds: number) => child.ask({ perSecond: PER_SECOND, seconds: forSeconds }, z.array(timed))
    await ask(Math.max(1, warmUpSeconds))
    const times: Timed[] = []
    for (let round = 0; round < rounds; round++) times.push(...(await ask(seconds)))
    const at = (what: keyof Timed, share: number) =>
      percentile(
        times.map((one) => one[what]),
        share,
      )
    say(`assignment: ${times.length} rounds`)
    const figure = (id: string, title: string, product: number, more: { reference?: number; must?: Figure['must'] }): Figure => ({
      id,
      title,
      product,
      reference: more.reference ?? null,
      unit: 'ms',
      must: more.must ?? null,
    })
    const many = `${PER_SECOND} new conversations a second`
    return [
      figure('assignment.p50', `who gets it is decided and written, ${many}`, at('decided', 0.5), { reference: at('bare', 0.5) }),
      figure('assignment.p99', 'the same, 99th percentile', at('decided', 0.99), { must: { atMost: 20 } }),
      figure('assignment.bare.p99', 'as many statements that do nothing, 99th percentile', at('bare', 0.99), {}),
      figure('assignment.told.p50', 'the same until it is committed and everybody told', at('told', 0.5), {}),
      figure('assignment.told.p99', 'the same, 99th percentile', at('told', 0.99), {}),
    ]
  },
}
