import type { QuickReplyCategory } from '#api/contract/quick-reply.ts'

export interface CategoryNode {
  id: string
  label: string
  category: QuickReplyCategory
  /** Replies in it and below. */
  replies: number
  children: CategoryNode[]
}

/** The flat list, which is in order, as a tree. */
export const treeOf = (categories: readonly QuickReplyCategory[], parentId: string | null = null): CategoryNode[] =>
  categories
    .filter((category) => category.parentId === parentId)
    .map((category) => {
      const children = treeOf(categories, category.id)
      const replies = category.replies + children.reduce((sum, child) => sum + child.replies, 0)
      return { id: category.id, label: category.name, category, replies, children }
    })

/** This one and all below it: where it cannot go. */
export const branchOf = (categories: readonly QuickReplyCategory[], id: string): Set<string> => {
  const branch = new Set([id])
  for (let size = 0; size !== branch.size;) {
    size = branch.size
    for (const each of categories) if (each.parentId !== null && branch.has(each.parentId)) branch.add(each.id)
  }
  return branch
}

/** Where one that was dropped on another shall be. `categories` without the one that moves. */
export const placeOf = (
  categories: readonly QuickReplyCategory[],
  target: QuickReplyCategory,
  kind: 'before' | 'after' | 'inner',
): { parentId: string | null; before: string | null } => {
  if (kind === 'inner') return { parentId: target.id, before: null }
  if (kind === 'before') return { parentId: target.parentId, before: target.id }
  const siblings = categories.filter(({ parentId }) => parentId === target.parentId)
  return { parentId: target.parentId, before: siblings[siblings.findIndex(({ id }) => id === target.id) + 1]?.id ?? null }
}
