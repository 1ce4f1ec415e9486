/** One event to 200 open sockets, in deliveries per second of the server's processor time. */
import { z } from 'zod'
import type { Bench, Case } from '../measurements.ts'
import { targetSchema } from '../messages.ts'
import { median } from '../statistics.ts'

const SOCKETS = 200
const EVENTS = 1500

const cpuSchema = z.object({ cpuSeconds: z.number() })

async function open(bench: Bench, file: string, name: string) {
  const { services } = bench
  const server = bench.start(file, {
    DATABASE_URL: await services.createDatabase(name),
    REDIS_URL: services.redisUrl,
    PLATFORM_URL: services.platformUrl,
    DATA_DIR: `${services.folder}/${name}`,
  })
  const listeners = bench.start('load/listeners.ts')
  const target = await server.ask({ sockets: SOCKETS }, targetSchema)
  await listeners.ask({ open: target }, z.null())
  return { server, listeners }
}

async function measure({ server, listeners }: Awaited<ReturnType<typeof open>>): Promise<number> {
  const before = await server.ask('cpu', cpuSchema)
  await listeners.ask({ expect: SOCKETS * EVENTS }, z.null())
  await server.ask({ publish: EVENTS }, z.null())
  await listeners.ask('all', z.null())
  const after = await server.ask('cpu', cpuSchema)
  return (SOCKETS * EVENTS) / (after.cpuSeconds - before.cpuSeconds)
}

export const fanOut: Case = {
  ids: ['fan-out'],
  async run(bench) {
    const product = await open(bench, 'product-server.ts', 'fan_out')
    const bare = await open(bench, 'references/fan-out-server.ts', 'fan_out_bare')
    const rates = { product: [0], bare: [0] }
    await measure(product)
    await measure(bare)
    rates.product.length = 0
    rates.bare.length = 0
    for (let round = 0; round < bench.rounds; round++) {
      rates.product.push(await measure(product))
      rates.bare.push(await measure(bare))
    }
    return [
      {
        id: 'fan-out',
        title: `one event to ${SOCKETS} sockets, beside bare socket.io`,
        product: median(rates.product),
        reference: median(rates.bare),
        unit: 'deliveries/CPU-s',
        must: { atLeast: 0.7 },
      },
    ]
  },
}
