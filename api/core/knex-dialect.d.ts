/** What `postgres-client.ts` needs of Knex's own dialect, which comes without types. */
declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  import { Knex } from 'knex'

  interface PostgresTransaction extends Knex.Transaction {}
  class PostgresTransaction {
    constructor(client: object, ...given: readonly unknown[])
    begin(connection: unknown): Promise<unknown>
  }
  export default PostgresTransaction
}
declare module 'knex/lib/dialects/postgres/index.js' {
  import { Knex } from 'knex'

  export default class PostgresClient extends Knex.Client {}
}
