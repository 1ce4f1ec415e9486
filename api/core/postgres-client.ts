/** Knex's PostgreSQL client, with one round trip less for each transaction. */
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js'
import PostgresClient from 'knex/lib/dialects/postgres/index.js'

declare module 'knex' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Knex names its types
  namespace Knex {
    interface PgConnectionConfig {
      /** Of node-postgres: a statement is sent before the one before it is answered. */
      pipeline?: boolean
    }
  }
}

class EagerTransaction extends PostgresTransaction {
  /** BEGIN is not waited for: it travels with the first statement, and where it fails that one fails too. */
  override begin(connection: unknown): Promise<void> {
    void super.begin(connection)
    return Promise.resolve()
  }
}

export class EagerPostgresClient extends PostgresClient {
  override transaction(...given: readonly unknown[]): EagerTransaction {
    return new EagerTransaction(this, ...given)
  }
}
