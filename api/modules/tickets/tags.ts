/** Words of a ticket's own: compared without regard to case, each once, as first written. */
export function tidyTags(tags: readonly string[]): string[] {
  const byWord = new Map<string, string>()
  for (const tag of tags) if (!byWord.has(tag.toLowerCase())) byWord.set(tag.toLowerCase(), tag)
  return [...byWord.values()]
}
