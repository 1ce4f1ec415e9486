/** A calendar that a hundred thousand running clocks go by becomes another one: until every due time is worked out anew, in the background. */
import { z } from 'zod'
import { doorsSchema, type Doors } from '../asking.ts'
import type { Child } from '../child.ts'
import type { Case } from '../measurements.ts'
import { percentile } from '../statistics.ts'

const OPEN = 102_000
/** Their promise in minutes: so long that none of it is broken meanwhile. */
const DESK = {
  DESK_TICKETS: String(OPEN),
  DESK_OPEN: String(OPEN),
  DESK_DAYS: '3',
  DESK_CUSTOMERS: '20000',
  DESK_PROMISE: '20000',
}
const TIMERS = 200
const MOST_SECONDS = 60
const MOST_LATE_SECONDS = 5

const calendarSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.number(),
  weekly: z.array(z.array(z.object({ from: z.string(), to: z.string() }))),
})
const listed = z.object({ data: z.array(calendarSchema) })
const standingSchema = z.object({ stale: z.number(), waiting: z.number(), revision: z.number() })

async function ask({ url, origin, cookies }: Doors, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { cookie: cookies['admin']?.[0] ?? '', origin, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** The afternoon ends at another hour: every due time moves. */
async function change(doors: Doors): Promise<void> {
  const calendar = listed.parse(await ask(doors, 'GET', '/calendars?limit=100')).data.find(({ name }) => name === 'bench')
  if (!calendar) throw new Error('the calendar of the benchmark is gone')
  const to = calendar.weekly[0]?.at(-1)?.to === '18:00' ? '17:00' : '18:00'
  const weekly = calendar.weekly.map((periods) =>
    periods.map((period, index) => (index === periods.length - 1 ? { ...period, to } : period)),
  )
  await ask(doors, 'PATCH', `/calendars/${calendar.id}`, { weekly, version: calendar.version })
}

/** @returns seconds until nothing is left to do */
async function recompute(child: Child, doors: Doors): Promise<number> {
  const before = await child.ask('standing', standingSchema)
  const began = performance.now()
  await change(doors)
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const now = await child.ask('standing', standingSchema)
    if (now.stale + now.waiting === 0 && now.revision > before.revision) return (performance.now() - began) / 1000
  }
}

export const sla: Case = {
  ids: ['sla'],
  async run({ services, start, rounds, say }) {
    say('sla: making a hundred thousand open tickets with running clocks …')
    const child = start('tickets-server.ts', {
      DATABASE_URL: await services.createDatabase('sla'),
      REDIS_URL: services.redisUrl,
      REDIS_PREFIX: 'bench-sla',
      DATA_DIR: services.folder,
      ...DESK,
    })
    const doors = await child.ask('doors', doorsSchema)
    const seconds: number[] = []
    const late: number[] = []
    for (let round = 0; round < rounds; round++) {
      await child.ask({ timers: TIMERS }, z.unknown())
      const done = await recompute(child, doors)
      const noticed = await child.ask('late', z.array(z.number().nullable()))
      if (noticed.includes(null)) throw new Error('a timer was not noticed at all')
      late.push(...noticed.flatMap((each) => each ?? []))
      seconds.push(done)
      say(
        `sla: all due times anew in ${done.toFixed(1)} s; ${noticed.length} timers meanwhile, at most ${Math.max(...late).toFixed(1)} s late`,
      )
    }
    const figure = { reference: null, unit: 's' }
    return [
      {
        ...figure,
        id: 'sla.recompute',
        title: '100,000 tickets after a change of their calendar',
        product: percentile(seconds, 0.5),
        must: { atMost: MOST_SECONDS },
      },
      {
        ...figure,
        id: 'sla.timers',
        title: 'how late timers are meanwhile, p99',
        product: percentile(late, 0.99),
        must: { atMost: MOST_LATE_SECONDS },
      },
    ]
  },
}
