/**
 * Entry `npm run migrate`, `node api/migrate.js`: brings the database to the newest schema, creates the first administrator where
 * ADMIN_USERNAME and ADMIN_PASSWORD name one and nobody works here yet, and ends. Safe to run from several places at once.
 */
import { ConfigurationError, readConfig } from './core/config.ts'
import { migrateToLatest } from './core/migrate.ts'
import { createFirstAdministrator } from './first-administrator.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)

try {
  const config = readConfig(process.env)
  const names = await migrateToLatest(config.databaseOwnerUrl, config.databaseUrl)
  say(names.length === 0 ? 'The database is up to date.' : names.map((name) => `migrated ${name}`).join('\n'))
  if (await createFirstAdministrator(config)) say(`created the administrator "${config.firstAdministrator?.username ?? ''}"`)
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`)
  process.exit(1)
}
