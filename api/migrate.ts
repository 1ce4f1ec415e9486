/** Entry `node api/migrate.js`: brings DATABASE_URL to the newest schema and ends. Safe to run from several places at once. */
import { migrateToLatest } from './core/migrate.ts'

const databaseUrl = process.env['DATABASE_URL']
if (!databaseUrl) throw new Error('DATABASE_URL is not set')
const names = await migrateToLatest(databaseUrl)
process.stdout.write(names.length === 0 ? 'The database is up to date.\n' : names.map((name) => `migrated ${name}\n`).join(''))
