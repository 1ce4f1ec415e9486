import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { migrateToLatest, rollbackAll } from '#api/core/migrate.ts'
import { migrationsDirectory } from '#api/core/places.ts'
import { emptyDatabase, type TestDatabase } from '#api/test/database.ts'
import { withConnection } from '#api/test/services.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await emptyDatabase()
})
afterAll(() => database.drop())

/** Every object of the schema as sorted lines of its definition; Knex's own tables apart. */
const SCHEMA = `
  select 'column ' || c.table_name || '.' || c.column_name || ' ' || c.ordinal_position || ' ' || c.data_type || ' ' || c.udt_name || ' ' || c.is_nullable || ' '
      || coalesce(c.column_default, '') || ' ' || c.is_generated || ' ' || coalesce(c.generation_expression, '') as line
    from information_schema.columns c where c.table_schema = 'public' and c.table_name not like 'migrations%'
  union all select 'index ' || indexdef from pg_indexes where schemaname = 'public' and tablename not like 'migrations%'
  union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'migrations%'
  union all select 'routine ' || p.oid::regprocedure || ' ' || md5(p.prosrc) from pg_proc p
    where p.pronamespace = 'public'::regnamespace and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t where not t.tgisinternal
  union all select 'view ' || viewname || ' ' || definition from pg_views where schemaname = 'public'
  union all select 'sequence ' || sequencename || ' ' || data_type::text from pg_sequences where schemaname = 'public' and sequencename not like 'migrations%'
  union all select 'type ' || t.typname || ' ' || coalesce(string_agg(e.enumlabel, ',' order by e.enumsortorder), '')
    from pg_type t left join pg_enum e on e.enumtypid = t.oid
    where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd') group by t.typname
  union all select 'extension ' || extname from pg_extension
  order by line`

const schema = () =>
  withConnection(database.url, async (client) => (await client.query<{ line: string }>(SCHEMA)).rows.map(({ line }) => line))

test('every migration can be undone and done again, and the schema comes out the same', async () => {
  const before = await schema()
  const names = await migrateToLatest(database.url)
  const migrated = await schema()
  expect(await rollbackAll(database.url)).toHaveLength(names.length)
  expect(await schema()).toEqual(before)
  await migrateToLatest(database.url)
  expect(await schema()).toEqual(migrated)
  expect(names).toHaveLength(migrationFiles().length)
})

test('migrating a database that is up to date does nothing', async () => {
  await migrateToLatest(database.url)
  expect(await migrateToLatest(database.url)).toEqual([])
})

test('two processes that migrate at once take turns', async () => {
  await rollbackAll(database.url)
  const runs = await Promise.all([migrateToLatest(database.url), migrateToLatest(database.url)])
  expect(runs.flat()).toHaveLength(migrationFiles().length)
})

test('a migration killed halfway does not lock the next start out', async () => {
  await migrateToLatest(database.url)
  await withConnection(database.url, (client) => client.query('update migrations_lock set is_locked = 1'))
  expect(await migrateToLatest(database.url)).toEqual([])
})

test('the names of migrations carry a time and say what they do', () => {
  for (const file of migrationFiles()) expect(file).toMatch(/^\d{14}_[a-z0-9]+(_[a-z0-9]+)+\.ts$/)
})

const migrationFiles = () => readdirSync(migrationsDirectory).filter((file) => /^\d.*\.ts$/.test(file))
