/** PostgreSQL through Knex; rows through Objection. Nothing here needs session state, so a transaction-mode pooler works. */
import knex, { type Knex } from 'knex'
import { Model } from 'objection'

export function connectDatabase(url: string, pool: number): Knex {
  return knex({
    client: 'pg',
    connection: { connectionString: url, application_name: 'lianke' },
    pool: { min: 0, max: pool, acquireTimeoutMillis: 10_000 },
  })
}

/** Base of all rows: named columns, snake_case as in SQL, the transaction always given explicitly. */
export class Row extends Model {
  static override get useLimitInFirst() {
    return true
  }
}
