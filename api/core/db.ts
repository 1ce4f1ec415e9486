/** PostgreSQL through Knex; rows through Objection. Nothing here needs session state, so a transaction-mode pooler works. */
import knex, { type Knex } from 'knex'
import { Model } from 'objection'
import { EagerPostgresClient } from './postgres-client.ts'
import type { Logger } from './logger.ts'

export function connectDatabase(url: string, pool: number, log: Logger): Knex {
  return knex({
    client: EagerPostgresClient,
    // Statements that do not wait for each other's answers travel together; PostgreSQL still runs them in order.
    connection: { connectionString: url, application_name: 'lianke', pipeline: true },
    pool: { min: 0, max: pool, acquireTimeoutMillis: 10_000 },
    // Errors quote the statement, never its values: what is logged of one names no person.
    compileSqlOnError: false,
    log: knexLog(log),
  })
}

/**
 * A statement that runs thousands of times a minute: each connection reads and plans it once.
 * @param name unique in the product; the same name always has the same text
 */
export const prepared = (trx: Knex, name: string, sql: string, bindings: readonly Knex.RawBinding[] | Knex.ValueDict = []) =>
  trx.raw(sql, bindings).options({ name })

const QUIET_MS = 10_000

/** Knex tells of every connection that a restarting server ends: one line for all of them. What it means for a request is logged with it. */
function knexLog(log: Logger) {
  let quietUntil = 0
  const tell = (message: unknown) => {
    if (Date.now() < quietUntil) return
    quietUntil = Date.now() + QUIET_MS
    log.warn({ error: String(message).slice(0, 300) }, 'database.connection_lost')
  }
  return { warn: tell, error: tell, deprecate: tell, debug: () => undefined }
}

/** Base of all rows: named columns, snake_case as in SQL, the transaction always given explicitly. */
export class Row extends Model {
  static override get useLimitInFirst() {
    return true
  }
}
