/** `npm run bench [-- --only id,id] [--rounds 3] [--seconds 4] [--warm-up 4] [--json FILE]`: the product beside its references, in one run. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { assignment } from './cases/assignment.ts'
import { board } from './cases/board.ts'
import { callbackCpu } from './cases/callback-cpu.ts'
import { customers } from './cases/customers.ts'
import { fanOut } from './cases/fan-out.ts'
import { sla } from './cases/sla.ts'
import { tickets } from './cases/tickets.ts'
import { workbench } from './cases/workbench.ts'
import { pageWeight } from './cases/page-weight.ts'
import { startTime } from './cases/start-time.ts'
import { inbound } from './cases/inbound.ts'
import { type Child, startChild } from './child.ts'
import type { Bench, Case, Figure } from './measurements.ts'
import { asJson, asTable } from './report.ts'
import { startServices } from './services.ts'

const cases: readonly Case[] = [inbound, callbackCpu, fanOut, startTime, pageWeight, customers, assignment, board, workbench, tickets, sla]
const known = cases.flatMap(({ ids }) => ids)

const options = z.object({
  only: z
    .string()
    .transform((text) => new Set(text.split(',')))
    .default(new Set(known)),
  json: z.string().optional(),
  rounds: z.coerce.number().int().positive().default(3),
  seconds: z.coerce.number().positive().default(4),
  'warm-up': z.coerce.number().nonnegative().default(4),
})

const say = (line: string) => void process.stdout.write(`${line}\n`)

function readOptions() {
  const text = { type: 'string' as const }
  const { values } = parseArgs({ options: { only: text, json: text, rounds: text, seconds: text, 'warm-up': text } })
  const read = options.parse(values)
  const unknown = [...read.only].filter((id) => !known.includes(id))
  if (unknown.length > 0) throw new Error(`no case is called ${unknown.join(', ')}; there are: ${known.join(', ')}`)
  return read
}

async function run(): Promise<void> {
  const { only, json, rounds, seconds, 'warm-up': warmUpSeconds } = readOptions()
  const children: Child[] = []
  const services = await startServices()
  const start = (file: string, env?: Record<string, string>) => {
    const child = startChild(file, env)
    children.push(child)
    return child
  }
  const bench: Bench = { services, start, rounds, seconds, warmUpSeconds, say }
  const figures: Figure[] = []
  try {
    for (const one of cases) {
      if (!one.ids.some((id) => only.has(id))) continue
      figures.push(...(await one.run(bench, only)))
      await Promise.all(children.splice(0).map((child) => child.stop()))
    }
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    await services.stop()
  }
  say(asTable(figures))
  if (json !== undefined) writeFileSync(json, asJson(figures))
}

await run()
