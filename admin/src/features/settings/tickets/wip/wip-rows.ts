/** Limits as a table, a row for the company and one for each team that has its own; and back. Pure. */
import type { WipLimit } from '#api/contract/ticket-board.ts'

export const STATUSES = ['unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation'] as const
type Limited = (typeof STATUSES)[number]
export interface LimitRow {
  /** Null: the company. */
  team: WipLimit['team']
  max: Partial<Record<Limited, number | null>>
}

const maxOf = (limits: readonly WipLimit[], teamId: string | null): LimitRow['max'] =>
  Object.fromEntries(limits.filter(({ team }) => (team?.id ?? null) === teamId).map(({ status, max }) => [status, max]))

export const rowsOf = (limits: readonly WipLimit[]): LimitRow[] => {
  const teams = new Map(limits.flatMap(({ team }) => (team === null ? [] : [[team.id, team] as const])))
  const named = [...teams.values()].toSorted((a, b) => a.name.localeCompare(b.name))
  return [null, ...named].map((team) => ({ team, max: maxOf(limits, team?.id ?? null) }))
}

export const limitsOf = (rows: readonly LimitRow[]): { teamId: string | null; status: Limited; max: number }[] =>
  rows.flatMap(({ team, max }) =>
    STATUSES.flatMap((status) => {
      const most = max[status] ?? null
      return most === null ? [] : [{ teamId: team?.id ?? null, status, max: most }]
    }),
  )
