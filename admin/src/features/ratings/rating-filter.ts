/** What the address of a ratings page holds; empty: no matter. `days` counts back from today, or is `all`. */
export const RATING_FILTER = { level: '', agent: '', team: '', commented: '', days: '30' }
export type RatingFilter = typeof RATING_FILTER

const DAY_MS = 86_400_000

/** What both lists of ratings are asked with. */
export const ratingQuery = ({ agent, team, commented, days }: RatingFilter) => ({
  agentId: agent || undefined,
  teamId: team || undefined,
  commented: commented || undefined,
  from: days === 'all' ? undefined : new Date(Date.now() - Number(days) * DAY_MS).toISOString(),
})
