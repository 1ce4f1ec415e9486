import type { Tag } from '#api/contract/tag.ts'

export interface TagGroup<T extends Pick<Tag, 'name' | 'category'>> {
  category: string
  tags: T[]
}

/** Headings in alphabetical order, tags without one last. */
export const byCategory = <T extends Pick<Tag, 'name' | 'category'>>(tags: readonly T[]): TagGroup<T>[] => {
  const groups = new Map<string, T[]>()
  for (const tag of tags) groups.set(tag.category, [...(groups.get(tag.category) ?? []), tag])
  const order = (a: string, b: string): number => (a === '' ? 1 : b === '' ? -1 : a.localeCompare(b, 'zh-CN'))
  return [...groups]
    .toSorted(([a], [b]) => order(a, b))
    .map(([category, inside]) => ({ category, tags: inside.toSorted((a, b) => a.name.localeCompare(b.name, 'zh-CN')) }))
}
