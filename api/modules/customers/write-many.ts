/** Many customers at once, one statement a table whatever their number: for imports. The run is audited, and everybody whom it changed. */
import { z } from 'zod'
import type { CustomerStatus } from '../../contract/customer-terms.ts'
import type { FieldValues } from '../../contract/dictionary.ts'
import { MAX_TAGS } from '../../contract/tag.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { TagRow } from './model.ts'
import { indexedNames } from './search-index.ts'
import { lockTagList } from './tags.ts'
import { type ChangedRow, FACTS, linesOf, parseChanged, type Run } from './trail-of-many.ts'

/** What is null is not said: a new customer has none, a known one keeps his. */
export interface CustomerEntry {
  /** Of somebody who is there already; null: a new one. */
  id: string | null
  name: string
  remarkName: string | null
  title: string | null
  note: string | null
  status: CustomerStatus | null
  institutionId: string | null
  ownerId: string | null
  levelId: string | null
  regionId: string | null
  fields: FieldValues
  /** E.164, not proven. */
  phone: string | null
  tagIds: readonly string[]
}

const numbers = z.object({ rows: z.array(z.object({ customer_id: z.string(), value: z.string(), fresh: z.boolean(), his: z.boolean() })) })
const tagged = z.object({ rows: z.array(z.object({ customer_id: z.string(), tag_id: z.string() })) })
const COLUMNS = `id uuid, name text, remark_name text, title text, note text, status text, institution_id uuid, owner_id uuid, level_id uuid,
  region_id uuid, fields jsonb`

/** Somebody else got one of these numbers meanwhile: check again, and write anew. */
export class PhonesTaken extends Error {}

/**
 * @param entries checked by the caller: references exist, phones differ and are nobody else's
 * @throws PhonesTaken
 */
export async function writeMany(ctx: Ctx, entries: readonly CustomerEntry[], run: Run): Promise<void> {
  const people = entries.map((entry) => ({ ...entry, customerId: entry.id ?? newId() }))
  await insert(
    ctx,
    people.filter(({ id }) => id === null),
  )
  const changed = await update(
    ctx,
    people.filter(({ id }) => id !== null),
  )
  const added = { phones: await addPhones(ctx, people, { source: run.source }), tags: await addTags(ctx, people) }
  await record(ctx, ...linesOf(changed, added, run))
  // Newcomers have nothing yet that could go by their tags.
  const retagged = people.flatMap(({ id, customerId }) => (id === null ? [] : (added.tags.get(customerId) ?? [])))
  for (const tagId of new Set(retagged)) ctx.emit({ name: 'customers.tagged', subjectId: tagId })
}

type Person = CustomerEntry & { customerId: string }

const rowsOf = (people: readonly Person[]) =>
  JSON.stringify(
    people.map((person) => ({
      id: person.customerId,
      name: person.name,
      remark_name: person.remarkName,
      title: person.title,
      note: person.note,
      status: person.status,
      institution_id: person.institutionId,
      owner_id: person.ownerId,
      level_id: person.levelId,
      region_id: person.regionId,
      fields: person.fields,
    })),
  )

/** Search terms are left to the worker that makes them for everybody. */
async function insert(ctx: Ctx, people: readonly Person[]): Promise<void> {
  if (people.length === 0) return
  await ctx.trx.raw(
    `insert into customers (id, name, remark_name, title, note, status, institution_id, owner_id, level_id, region_id, fields, created_at, updated_at)
     select id, name, remark_name, title, note, coalesce(status, 'formal'), institution_id, owner_id, level_id, region_id, fields, ?, ?
     from json_to_recordset(?::json) as t(${COLUMNS})`,
    [ctx.now, ctx.now, rowsOf(people)],
  )
}

/** In one order, so that two runs wait for each other instead of locking each other out. */
async function update(ctx: Ctx, people: readonly Person[]): Promise<ChangedRow[]> {
  if (people.length === 0) return []
  const changed: unknown = await ctx.trx.raw(
    `with t as (select * from json_to_recordset(?::json) as t(${COLUMNS})),
          held as (select c.* from customers c join t on t.id = c.id where c.merged_into_id is null order by c.id for no key update of c)
     update customers c set name = t.name, remark_name = coalesce(t.remark_name, c.remark_name), title = coalesce(t.title, c.title),
       note = coalesce(t.note, c.note), status = coalesce(t.status, c.status), institution_id = coalesce(t.institution_id, c.institution_id),
       owner_id = coalesce(t.owner_id, c.owner_id), level_id = coalesce(t.level_id, c.level_id), region_id = coalesce(t.region_id, c.region_id),
       fields = c.fields || t.fields, archived_at = null, name_search = null, name_sort = null, version = c.version + 1, updated_at = ?
     from t join held on held.id = t.id where c.id = t.id
     returning c.id, coalesce(held.remark_name, held.name) as label, ${FACTS('held')} as before, ${FACTS('c')} as after`,
    [rowsOf(people), ctx.now],
  )
  return parseChanged(changed)
}

/** @returns numbers that are new, by customer */
async function addPhones(ctx: Ctx, people: readonly Person[], evidence: { source: string }): Promise<Map<string, string>> {
  const edges = people.flatMap(({ customerId, phone }) => (phone === null ? [] : [{ id: newId(), customer_id: customerId, value: phone }]))
  if (edges.length === 0) return new Map()
  const answer: unknown = await ctx.trx.raw(
    `with t as (select * from json_to_recordset(?::json) as t(id uuid, customer_id uuid, value text)),
          put as (insert into customer_identities (id, customer_id, kind, value, evidence, profile_fetched_at)
                  select id, customer_id, 'phone', value, ?, app_now() from t on conflict (channel_account_id, kind, value) do nothing returning value)
     select t.customer_id, t.value, put.value is not null as fresh,
       exists (select 1 from customer_identities i
               where i.kind = 'phone' and i.channel_account_id is null and i.value = t.value and i.customer_id = t.customer_id) as his
     from t left join put on put.value = t.value`,
    [JSON.stringify(edges), JSON.stringify(evidence)],
  )
  const { rows } = numbers.parse(answer)
  if (rows.some(({ fresh, his }) => !fresh && !his)) throw new PhonesTaken('phones were given to others meanwhile')
  return new Map(rows.flatMap((row) => (row.fresh ? [[row.customer_id, row.value] as const] : [])))
}

/** @returns tags that are new, by customer */
async function addTags(ctx: Ctx, people: readonly Person[]): Promise<Map<string, string[]>> {
  const links = people.flatMap(({ customerId, tagIds }) => tagIds.map((tagId) => ({ customer_id: customerId, tag_id: tagId })))
  if (links.length === 0) return new Map()
  const answer: unknown = await ctx.trx.raw(
    `insert into customer_tag_links (customer_id, tag_id) select customer_id, tag_id
     from json_to_recordset(?::json) as t(customer_id uuid, tag_id uuid) on conflict do nothing returning customer_id, tag_id`,
    [JSON.stringify(links)],
  )
  const added = new Map<string, string[]>()
  for (const row of tagged.parse(answer).rows) added.set(row.customer_id, [...(added.get(row.customer_id) ?? []), row.tag_id])
  return added
}

const named = z.object({ rows: z.array(z.object({ id: z.string(), key: z.string() })) })
const KINDS = {
  institution: { table: 'institutions', where: 'archived_at is null' },
  tag: { table: 'customer_tags', where: 'true' },
} as const
const TAG_COLOR = '#909399'

/** Institutions or tags of these names, made where there are none yet. @returns ids by name in lower case @throws Conflict `limit_reached` */
export async function createNamed(ctx: Ctx, kind: keyof typeof KINDS, names: readonly string[]): Promise<Map<string, string>> {
  const known = await namedIds(ctx, kind, names)
  const missing = new Map(names.filter((name) => !known.has(name.toLowerCase())).map((name) => [name.toLowerCase(), name]))
  const rows = [...missing.values()].map((name) =>
    kind === 'tag' ? { id: newId(), name, color: TAG_COLOR } : { id: newId(), name, ...termsOf(ctx, name) },
  )
  if (rows.length === 0) return known
  if (kind === 'tag') await checkRoom(ctx, rows.length)
  await ctx.trx(KINDS[kind].table).insert(rows).onConflict().ignore()
  await record(
    ctx,
    ...rows.map(({ id, name }) => ({
      action: kind === 'tag' ? 'tag.created' : 'institution.created',
      object: { kind: kind === 'tag' ? 'customer_tag' : kind, id, label: name },
      context: { by: 'import' },
    })),
  )
  return namedIds(ctx, kind, names)
}

async function checkRoom(ctx: Ctx, more: number): Promise<void> {
  await lockTagList(ctx)
  if ((await TagRow.query(ctx.trx).resultSize()) + more > MAX_TAGS)
    throw new Conflict('limit_reached', 'too many tags', { limit: MAX_TAGS })
}

function termsOf(ctx: Ctx, name: string) {
  const terms = indexedNames(ctx.trx, name, [name])
  return { name_search: terms.name_search, name_sort: terms.name_sort ?? '~' }
}

/** Ids by name in lower case. */
export async function namedIds(ctx: Ctx, kind: keyof typeof KINDS, names: readonly string[]): Promise<Map<string, string>> {
  const { table, where } = KINDS[kind]
  const lower = [...new Set(names.map((name) => name.toLowerCase()))]
  const { rows } = named.parse(
    await ctx.trx.raw(`select id, lower(name) as key from ${table} where lower(name) = any(?::text[]) and ${where}`, [lower]),
  )
  return new Map(rows.map(({ id, key }) => [key, id]))
}
