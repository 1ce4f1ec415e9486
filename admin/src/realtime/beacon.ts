/** What a beacon says that this browser does not know: the last push of a burst may be lost, and nothing follows to show the hole. */

export interface Known {
  /** Newest loaded message; null when the messages of this conversation are not loaded. */
  lastSeq: number | null
  version: number | null
}
export interface Missed {
  /** Conversations whose messages must be caught up. */
  timelines: string[]
  /** Conversations whose row is stale or unknown. */
  conversations: string[]
}

export const missedBy = (
  beacon: Readonly<Record<string, readonly [seq: number, version: number]>>,
  known: (id: string) => Known,
): Missed => {
  const missed: Missed = { timelines: [], conversations: [] }
  for (const [id, [seq, version]] of Object.entries(beacon)) {
    const mine = known(id)
    if (mine.lastSeq !== null && mine.lastSeq < seq) missed.timelines.push(id)
    if (mine.version === null || mine.version < version) missed.conversations.push(id)
  }
  return missed
}
