/** A full number in groups that are easy to read out: `+86 138 1073 4517`. Other countries keep what they have after the code. */
export const phoneWords = (e164: string): string => {
  const mainland = /^\+86(\d{3})(\d{4})(\d{4})$/.exec(e164)
  if (mainland !== null) return `+86 ${mainland.slice(1).join(' ')}`
  const nearby = /^\+(852|853|886)(\d+)$/.exec(e164)
  return nearby === null ? e164 : `+${nearby[1] ?? ''} ${nearby[2] ?? ''}`
}
