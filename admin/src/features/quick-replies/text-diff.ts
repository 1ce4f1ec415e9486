/** What was taken away from a text and what was added, word by word. Pure. */
export interface DiffPiece {
  text: string
  kind: 'same' | 'removed' | 'added'
}

/** Chinese by the character, other words whole: 您好 → 您 好, and `SF-123` stays one. */
const tokensOf = (text: string): string[] => text.match(/\{\{[^{}]*\}\}|[\p{Script=Han}]|[\p{L}\p{N}_-]+|\s+|[^]/gu) ?? []

/** Beyond it, comparing would hold up the screen: then all of it counts as changed. */
const MOST = 4_000_000

/** Longest common subsequence of the middle; what both texts begin and end with costs nothing. */
export const diffOf = (before: string, after: string): DiffPiece[] => {
  const [a, b] = [tokensOf(before), tokensOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  return joined([
    { text: a.slice(0, start).join(''), kind: 'same' },
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    { text: a.slice(a.length - end).join(''), kind: 'same' },
  ])
}

/** Lengths of the longest common subsequence of the ends from `i` and `j`. */
const commonEnds = (a: readonly string[], b: readonly string[]): ((i: number, j: number) => number) => {
  const width = b.length + 1
  const common = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  return at
}

const middle = (a: readonly string[], b: readonly string[]): DiffPiece[] => {
  const changed = (from: number, to: number): DiffPiece[] => [
    { text: a.slice(from).join(''), kind: 'removed' },
    { text: b.slice(to).join(''), kind: 'added' },
  ]
  if (a.length * b.length > MOST) return changed(0, 0)
  const common = commonEnds(a, b)
  const pieces: DiffPiece[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      pieces.push({ text: a[i++] ?? '', kind: 'same' })
      j += 1
    } else if (common(i + 1, j) >= common(i, j + 1)) pieces.push({ text: a[i++] ?? '', kind: 'removed' })
    else pieces.push({ text: b[j++] ?? '', kind: 'added' })
  }
  return [...pieces, ...changed(i, j)]
}

const joined = (pieces: readonly DiffPiece[]): DiffPiece[] => {
  const result: DiffPiece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (piece.text === '') continue
    if (last?.kind === piece.kind) last.text += piece.text
    else result.push({ ...piece })
  }
  return result
}
