import type { CustomerImport } from '../../contract/import.ts'
import type { Ctx } from '../../core/context.ts'
import { Account } from '../identity/index.ts'
import type { ImportRow } from './model.ts'

export async function presentImports(ctx: Ctx, rows: readonly ImportRow[]): Promise<CustomerImport[]> {
  const people = await Account.query(ctx.trx)
    .whereIn('id', [...new Set(rows.map(({ created_by }) => created_by))])
    .select('id', 'name')
  return rows.map((row) => ({
    id: row.id,
    fileName: row.file_name,
    state: row.state,
    failure: row.failure,
    unknownColumns: row.unknown_columns,
    counts: { rows: row.rows, bad: row.bad, duplicates: row.duplicates },
    policy: row.policy,
    result: row.result,
    createdBy: { id: row.created_by, name: people.find(({ id }) => id === row.created_by)?.name ?? '' },
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    version: row.version,
  }))
}
