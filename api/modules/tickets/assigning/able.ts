/** Who may be given tickets: at work, and allowed to handle them. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { grantsOf } from '../../identity/index.ts'

const staff = z.array(
  z.object({ id: z.string(), name: z.string(), code: z.string(), built_in: z.boolean(), permissions: z.array(z.string()) }),
)

/** Of these accounts, by id: those who may, with their names. One statement. */
export async function ableStaff(trx: Knex, accountIds: readonly string[]): Promise<Map<string, { id: string; name: string }>> {
  if (accountIds.length === 0) return new Map()
  const rows: unknown = await trx('accounts as a')
    .join('roles as r', 'r.id', 'a.role_id')
    .whereIn('a.id', [...new Set(accountIds)])
    .where({ 'a.status': 'active', 'a.kind': 'staff' })
    .select('a.id', 'a.name', 'r.code', 'r.built_in', 'r.permissions')
  return new Map(
    staff
      .parse(rows)
      .filter((row) => grantsOf(row).has('tickets.handle'))
      .map(({ id, name }) => [id, { id, name }]),
  )
}
