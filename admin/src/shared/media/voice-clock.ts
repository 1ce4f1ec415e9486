/** `83_400` → `1:23`. Whole seconds, rounded down like every player does, but a voice shorter than a second still counts as one. */
export const clockTime = (ms: number): string => {
  const seconds = ms > 0 && ms < 1000 ? 1 : Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
