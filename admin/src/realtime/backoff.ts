const FIRST_MS = 500
const LONGEST_MS = 20_000

/**
 * Wait before the next attempt, in ms: doubles up to 20 s, then spread over half to one and a half of it,
 * so that a restarted server is not met by everybody at the same instant.
 * @param random 0 … 1
 */
export const reconnectDelay = (attempt: number, random: number): number =>
  Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.5 + random))
