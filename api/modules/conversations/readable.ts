import type { StaffActor } from '../../core/context.ts'

/** What waits where the reader sees it, over `conversations v`: the general queue and those of his teams; all of them for who reads everything. */
export function visibleQueues({ accountId, permissions }: Pick<StaffActor, 'accountId' | 'permissions'>): {
  sql: string
  bindings: string[]
} {
  if (permissions.has('conversations.read_all')) return { sql: `v.status = 'queued'`, bindings: [] }
  return {
    sql: `(v.status = 'queued' and (v.team_id is null or v.team_id in (select m.team_id from team_members m where m.account_id = ?)))`,
    bindings: [accountId],
  }
}

/** `sees` of the policy as a condition over `conversations v`: what the reader may see is part of the statement, never filtered afterwards. */
export function readableBy({ accountId, permissions }: StaffActor): { sql: string; bindings: string[] } {
  if (!permissions.has('conversations.read')) return { sql: 'false', bindings: [] }
  if (permissions.has('conversations.read_all')) return { sql: 'true', bindings: [] }
  const queues = visibleQueues({ accountId, permissions })
  return {
    sql: `(v.assignee_id = ? or v.offered_to = ? or ${queues.sql} or v.helpers @> ?::jsonb)`,
    bindings: [accountId, accountId, ...queues.bindings, JSON.stringify([{ id: accountId }])],
  }
}
