import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { TagRow } from '../customers/index.ts'
import { Account } from '../identity/index.ts'
import { entriesOf } from '../settings/index.ts'
import type { Lookups, Names } from './check-row.ts'
import type { CustomField } from './columns.ts'
import type { ImportOptions } from './model.ts'

/** What rows of a file may name; a handful of statements for a whole file. */
export async function loadLookups(ctx: Ctx, custom: readonly CustomField[], options: ImportOptions): Promise<Lookups> {
  const staff = await Account.query(ctx.trx).where({ kind: 'staff', status: 'active' }).select('id', 'name', 'username')
  const tags = await TagRow.query(ctx.trx).select('id', 'name')
  return {
    levels: await entryNames(ctx, 'customer_level'),
    regions: await entryNames(ctx, 'region'),
    owners: namesOf(staff.map(({ id, name, username }) => ({ id, names: [name, username] }))),
    tags: namesOf(tags.map(({ id, name }) => ({ id, names: [name] }))),
    custom,
    options,
  }
}

async function entryNames(ctx: Ctx, dictionary: Dictionary): Promise<Names> {
  const entries = await entriesOf(ctx, dictionary)
  return namesOf(entries.map(({ id, code, label_zh, label_en }) => ({ id, names: [code, label_zh, label_en] })))
}

function namesOf(things: readonly { id: string; names: readonly string[] }[]): Names {
  const ids = new Map<string, string[]>()
  for (const { id, names } of things)
    for (const name of new Set(names.map((one) => one.toLowerCase()))) ids.set(name, [...(ids.get(name) ?? []), id])
  return ids
}
