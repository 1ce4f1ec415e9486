import type { Knex } from 'knex'
import { migrationConfig } from '#api/core/migrate.ts'

/** For the Knex command line: `npm run migrate`. The application migrates through api/core/migrate.ts with the same settings.
 * A new one: npm run knex -- migrate:make verb_object -x ts */
const config: Knex.Config = {
  client: 'pg',
  connection: process.env['DATABASE_OWNER_URL'] ?? process.env['DATABASE_URL'] ?? 'postgres://127.0.0.1:5432/lianke',
  migrations: { ...migrationConfig(), stub: 'migrations/migration.stub' },
}

export default config
