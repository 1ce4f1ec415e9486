/** The policy's `sees` for several people and conversations at once: one query, and only where the row alone does not decide. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { DATA_SCOPES } from '../../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { grantsOf } from '../../identity/index.ts'
import type { ConversationRow } from '../model.ts'
import { seenByRow } from '../policy.ts'
import { readableOf } from '../readable.ts'

const roleRows = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    code: z.string(),
    built_in: z.boolean(),
    permissions: z.array(z.string()),
    data_scope: z.enum(DATA_SCOPES),
  }),
)

/** Of these accounts, those at work, as they would act now. They stand for no session: only what they see is asked of them. */
export async function readersOf(trx: Knex, accountIds: readonly string[]): Promise<StaffActor[]> {
  if (accountIds.length === 0) return []
  const rows = await trx('accounts as a')
    .join('roles as r', 'r.id', 'a.role_id')
    .whereIn('a.id', [...accountIds])
    .where('a.status', 'active')
    .select('a.id', 'a.name', 'r.code', 'r.built_in', 'r.permissions', 'r.data_scope')
  return roleRows.parse(rows).map((row) => ({
    kind: 'staff',
    accountId: row.id,
    sessionId: '',
    roleCode: row.code,
    name: row.name,
    permissions: grantsOf(row),
    dataScope: row.data_scope,
    mustChangePassword: false,
  }))
}

/** What is looked at to say who sees a conversation. */
export const SEEN_BY = ['id', 'kind', 'status', 'team_id', 'assignee_id', 'offered_to', 'helpers'] as const
export type Seen = Pick<ConversationRow, (typeof SEEN_BY)[number]>

/** @returns for each pair whether that one sees that conversation */
export async function whoSees(ctx: Ctx, pairs: readonly { reader: StaffActor; row: Seen }[]): Promise<boolean[]> {
  const known = pairs.map(({ reader, row }) => seenByRow(reader, row))
  const asked = new Map<string, { reader: StaffActor; ids: string[] }>()
  for (const [index, { reader, row }] of pairs.entries()) {
    if (known[index] !== null) continue
    const one = asked.get(reader.accountId) ?? { reader, ids: [] }
    one.ids.push(row.id)
    asked.set(reader.accountId, one)
  }
  const readers = [...asked.values()]
  const readable = await readableOf(readers.map(({ reader, ids }) => ({ ctx: { ...ctx, actor: reader }, ids })))
  const byReader = new Map(readers.map(({ reader }, index) => [reader.accountId, readable[index]]))
  return pairs.map(({ reader, row }, index) => known[index] ?? byReader.get(reader.accountId)?.has(row.id) ?? false)
}
