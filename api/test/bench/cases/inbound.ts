/** A customer's message: from the sealed callback to the agent's socket, and to the platform's acknowledgement. */
import { z } from 'zod'
import type { Child } from '../child.ts'
import type { Bench, Case, Figure } from '../measurements.ts'
import { type Load, type Measured, measuredSchema, targetSchema, type Target } from '../messages.ts'
import { CONVERSATIONS } from '../settings.ts'
import { median } from '../statistics.ts'

const SERVERS = { product: 'product-server.ts', limit: 'references/limit-server.ts', stack: 'references/stack-server.ts' } as const
type ServerName = keyof typeof SERVERS

interface Running {
  child: Child
  target: Target
}

interface Part {
  id: 'delivered' | 'steady' | 'acknowledged'
  servers: readonly ServerName[]
  load: Pick<Load, 'mode' | 'rate'>
  figures(of: (name: ServerName) => Summary): Figure[]
}

type Summary = Record<'perSecond' | 'p50' | 'p99', number> & { lost: number }

const STEADY_RATE = 200

const parts: readonly Part[] = [
  {
    id: 'delivered',
    servers: ['product', 'limit', 'stack'],
    load: { mode: 'delivered' },
    figures: (of) => [
      rate('delivered.limit', 'callback to agent, 200 at once, beside limit', of('product'), of('limit'), 0.25),
      rate('delivered.stack', 'callback to agent, 200 at once, beside stack', of('product'), of('stack'), 0.4),
      delay('delivered.p99', 'the same, 99th percentile, beside limit', of('product'), of('limit'), 4),
    ],
  },
  {
    id: 'steady',
    servers: ['product', 'limit'],
    load: { mode: 'steady', rate: STEADY_RATE },
    figures: (of) => [
      delay('steady.p99', `${STEADY_RATE} messages a second, 99th percentile`, of('product'), of('limit'), 4),
      {
        id: 'steady.lost',
        title: 'messages lost meanwhile',
        product: of('product').lost,
        reference: null,
        unit: 'messages',
        must: { atMost: 0 },
      },
    ],
  },
  {
    id: 'acknowledged',
    servers: ['product', 'stack'],
    load: { mode: 'acknowledged' },
    figures: (of) => [rate('acknowledged', 'callback stored and acknowledged, beside stack', of('product'), of('stack'), 0.4)],
  },
]

const rate = (id: string, title: string, product: Summary, reference: Summary, atLeast: number): Figure => ({
  id,
  title,
  product: product.perSecond,
  reference: reference.perSecond,
  unit: 'messages/s',
  must: { atLeast },
})

const delay = (id: string, title: string, product: Summary, reference: Summary, atMost: number): Figure => ({
  id,
  title,
  product: product.p99,
  reference: reference.p99,
  unit: 'ms',
  must: { atMost },
})

export const inbound: Case = {
  ids: parts.map(({ id }) => id),
  async run(bench, wanted) {
    const chosen = parts.filter(({ id }) => wanted.has(id))
    const names = [...new Set(chosen.flatMap(({ servers }) => servers))]
    const servers = new Map<ServerName, Running>()
    for (const name of names) servers.set(name, await startServer(bench, name))
    const generator = bench.start('load/generator.ts')
    const measure = async (name: ServerName, load: Part['load']) => {
      const server = servers.get(name)
      if (!server) throw new Error(`${name} does not run`)
      const measured = await generator.ask(loadFor(bench, server.target, load), measuredSchema)
      if (name === 'product') await server.child.ask('idle', z.null())
      tell(bench, name, load, measured)
      return measured
    }
    const figures: Figure[] = []
    for (const { servers: taking, load, figures: figuresOf } of chosen) {
      const rounds = await alternate(bench.rounds, taking, (name) => measure(name, load))
      figures.push(...figuresOf((name) => summarise(rounds.get(name) ?? [])))
    }
    return figures
  },
}

async function startServer(bench: Bench, name: ServerName): Promise<Running> {
  const { services } = bench
  const child = bench.start(SERVERS[name], {
    DATABASE_URL: await services.createDatabase(name),
    REDIS_URL: services.redisUrl,
    PLATFORM_URL: services.platformUrl,
    DATA_DIR: `${services.folder}/${name}`,
  })
  return { child, target: await child.ask('target', targetSchema) }
}

const loadFor = ({ warmUpSeconds, seconds }: Bench, target: Target, load: Part['load']): Load => ({
  target,
  conversations: CONVERSATIONS,
  warmUpSeconds,
  seconds,
  ...load,
})

/** Turn by turn, so that whatever else the machine does meets all alike. */
async function alternate(rounds: number, names: readonly ServerName[], measure: (name: ServerName) => Promise<Measured>) {
  const results = new Map<ServerName, Measured[]>()
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results.set(name, [...(results.get(name) ?? []), await measure(name)])
  }
  return results
}

function summarise(rounds: readonly Measured[]): Summary {
  const of = (name: 'perSecond' | 'p50' | 'p99') => median(rounds.map((round) => round[name]))
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    lost: rounds.reduce((sum, { lost, errors }) => sum + lost + errors, 0),
  }
}

function tell(bench: Bench, name: ServerName, { mode }: Part['load'], measured: Measured): void {
  const { perSecond, p50, p99, lost, errors } = measured
  const trouble = lost + errors > 0 ? `  lost ${lost}, errors ${errors}` : ''
  bench.say(
    `  ${mode.padEnd(12)} ${name.padEnd(8)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms${trouble}`,
  )
}
