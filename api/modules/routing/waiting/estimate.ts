/** How long a waiting customer still waits (BP-003.6), said honestly or not at all. Pure. */

/** What those who serve a queue did in the last hour, and do now. */
export interface Service {
  /** Conversations that ended in the last hour. */
  ended: number
  /** Seconds they took, together. */
  seconds: number
  /** Going on at this moment: so many may end next. */
  goingOn: number
}

/** Fewer prove nothing. */
export const FEWEST = 3
/** Nobody is promised a time beyond this; it reads "more than two hours". */
export const LONGEST_SECONDS = 7200

/**
 * With all who serve at work, one of them comes free every `mean / goingOn` seconds, and whoever is at `position` needs so many of them to come free.
 * @param position 1 is next
 * @returns whole seconds; null when the last hour says too little, or nobody is serving
 */
export function estimateWait(position: number, { ended, seconds, goingOn }: Service): number | null {
  if (!Number.isFinite(seconds) || ended < FEWEST || seconds < 0 || goingOn < 1 || position < 1) return null
  const mean = seconds / ended
  return Math.min(LONGEST_SECONDS, Math.ceil((mean * position) / goingOn))
}

export interface Standing {
  position: number
  estimateSeconds: number | null
}

/** Far behind nobody counts heads. */
const EXACT = 50
const STEP = 0.1
/** A new estimate alone is worth a word when it is off by so much. */
const MINUTE = 60

/** Is the change worth a push? Always near the front; far back, where everything moves all the time, in steps of a tenth. */
export function worthTelling(before: Standing | null, now: Standing): boolean {
  if (!before || (before.estimateSeconds === null) !== (now.estimateSeconds === null)) return true
  const moved = Math.abs(before.position - now.position)
  if (now.position <= EXACT ? moved > 0 : moved >= before.position * STEP) return true
  return Math.abs((before.estimateSeconds ?? 0) - (now.estimateSeconds ?? 0)) >= Math.max(MINUTE, (before.estimateSeconds ?? 0) * STEP)
}

/** For channels where every line costs an answer: on the way to half of what was said last, and when he is next. */
export const worthSaying = (saidPosition: number | null, now: Standing): boolean =>
  saidPosition !== null && now.position < saidPosition && (now.position * 2 <= saidPosition || now.position === 1)
