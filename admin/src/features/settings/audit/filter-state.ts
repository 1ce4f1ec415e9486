import type { AuditFilter } from '#api/contract/audit.ts'

/** Filters as they stand in the address; days are the reader's own. */
export const NO_FILTER = { actor: '', action: '', object: '', id: '', ip: '', from: '', until: '' }
export type FilterState = typeof NO_FILTER

const DAY_MS = 86_400_000
const startOf = (day: string): number => new Date(`${day}T00:00:00`).getTime()
const isDay = (day: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(startOf(day))

/** The day `until` is included. */
export const filterOf = (state: FilterState): AuditFilter => ({
  ...(state.actor === '' ? {} : { actorId: state.actor }),
  ...(state.action === '' ? {} : { action: state.action }),
  ...(state.object === '' ? {} : { objectKind: state.object }),
  ...(state.id === '' ? {} : { objectId: state.id }),
  ...(state.ip === '' ? {} : { ip: state.ip }),
  ...(isDay(state.from) ? { from: new Date(startOf(state.from)).toISOString() } : {}),
  ...(isDay(state.until) ? { until: new Date(startOf(state.until) + DAY_MS).toISOString() } : {}),
})
