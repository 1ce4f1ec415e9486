/** The one clock: the database's, plus an offset that only tests set. Processes whose own clocks drift agree on it. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { prepared } from './db.ts'

export interface Clock {
  now(trx: Knex): Promise<Date>
}

const row = z.object({ rows: z.tuple([z.object({ now: z.date() })]) })

export const databaseClock: Clock = {
  async now(trx) {
    return row.parse(await prepared(trx, 'now', 'select app_now() as now')).rows[0].now
  },
}
