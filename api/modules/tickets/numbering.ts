import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { companySettings } from '../settings/index.ts'

const taken = z.object({ rows: z.tuple([z.object({ day: z.string(), number: z.number() })]) })

/**
 * The next number of the company's day, `20261123-0001`. Whoever takes one holds the day's row until his transaction ends: what is undone gives its number
 * back, so days have no gaps. Take it last, the next one waits.
 */
export async function nextNumber(ctx: Ctx): Promise<string> {
  const { timeZone } = await companySettings(ctx)
  const answer: unknown = await ctx.trx.raw(
    `insert into ticket_days (day, last_number) values ((?::timestamptz at time zone ?)::date, 1)
     on conflict (day) do update set last_number = ticket_days.last_number + 1
     returning to_char(day, 'YYYYMMDD') as day, last_number as number`,
    [ctx.now.toISOString(), timeZone],
  )
  const [{ day, number }] = taken.parse(answer).rows
  return `${day}-${String(number).padStart(4, '0')}`
}
