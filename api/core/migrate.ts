import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import knex, { type Knex } from 'knex'
import { z } from 'zod'
import { grantToApplication } from './application-role.ts'
import { migrationsDirectory } from './places.ts'

type Step = Knex.Migration['up']
const isStep = (value: unknown): value is Step => typeof value === 'function'
// Loose: Knex also reads `config.transaction`, which its types do not name.
const migrationSchema = z.looseObject({ up: z.custom<Step>(isStep), down: z.custom<Step>(isStep) })

/**
 * Migrations by name without extension. Knex stores file names as they are, so a database migrated from the `.ts` sources would call
 * the same migrations "corrupt" when they later come as `.js` from the image.
 */
export class NameOnlySource implements Knex.MigrationSource<string> {
  private readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  async getMigrations(): Promise<string[]> {
    return readdirSync(this.directory)
      .filter((file) => /^\d{14}_[a-z0-9_]+\.(ts|js)$/.test(file))
      .sort()
  }

  getMigrationName(file: string): string {
    return file.replace(/\.(ts|js)$/, '')
  }

  async getMigration(file: string): Promise<Knex.Migration> {
    return migrationSchema.parse(await import(pathToFileURL(join(this.directory, file)).href))
  }
}

export const migrationConfig = (): Knex.MigratorConfig => ({
  migrationSource: new NameOnlySource(migrationsDirectory),
  tableName: 'migrations',
})

const outcome = z.tuple([z.int(), z.array(z.string())])

/**
 * Brings the database to the newest schema.
 * @param ownerUrl the role that owns the tables
 * @param applicationUrl the role the product works as; it is made and gets its rights here
 * @returns the names of the migrations that were run
 */
export function migrateToLatest(ownerUrl: string, applicationUrl = ownerUrl): Promise<string[]> {
  return takingTurns(ownerUrl, async (database) => {
    const names = outcome.parse(await database.migrate.latest())[1]
    await grantToApplication(database, applicationUrl)
    return names
  })
}

/** Undoes every migration, newest first. All data is lost. */
export function rollbackAll(databaseUrl: string): Promise<string[]> {
  return takingTurns(databaseUrl, async (database) => outcome.parse(await database.migrate.rollback(undefined, true))[1])
}

/**
 * Two processes that migrate at once take turns by an advisory lock, which PostgreSQL itself drops with a dead process. Knex's own lock row
 * would stay behind after a kill -9 and refuse every later start; whoever holds the advisory lock may therefore clear it.
 */
async function takingTurns<Result>(databaseUrl: string, run: (database: Knex) => Promise<Result>): Promise<Result> {
  const database = knex({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 4 }, migrations: migrationConfig() })
  try {
    return await database.transaction(async (turn) => {
      await turn.raw(`select pg_advisory_xact_lock(hashtextextended('lianke.migrations', 0))`)
      await database.migrate.forceFreeMigrationsLock()
      return run(database)
    })
  } finally {
    await database.destroy()
  }
}
