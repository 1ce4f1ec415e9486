import type { Department } from '#api/contract/organisation.ts'

export interface DepartmentNode {
  id: string
  label: string
  department: Department
  /** People in it and below. */
  people: number
  children: DepartmentNode[]
}

const byPosition = (a: Department, b: Department): number => a.position - b.position

/** The flat list as a tree, siblings in their order. */
export function treeOf(departments: readonly Department[], parentId: string | null = null): DepartmentNode[] {
  return departments
    .filter((department) => department.parentId === parentId)
    .toSorted(byPosition)
    .map((department) => {
      const children = treeOf(departments, department.id)
      const people = department.members + children.reduce((sum, child) => sum + child.people, 0)
      return { id: department.id, label: department.name, department, people, children }
    })
}

/** This one and all beneath it: where it cannot go. */
export function branchOf(departments: readonly Department[], id: string): Set<string> {
  const branch = new Set([id])
  let size = 0
  while (size !== branch.size) {
    size = branch.size
    for (const { id: one, parentId } of departments) if (parentId !== null && branch.has(parentId)) branch.add(one)
  }
  return branch
}

export type DropKind = 'before' | 'after' | 'inner'

/** Where a department that was dropped on another shall be. */
export function placeOf(
  departments: readonly Department[],
  target: Department,
  kind: DropKind,
): { parentId: string | null; before: string | null } {
  if (kind === 'inner') return { parentId: target.id, before: null }
  if (kind === 'before') return { parentId: target.parentId, before: target.id }
  const siblings = departments.filter(({ parentId }) => parentId === target.parentId).toSorted(byPosition)
  const next = siblings[siblings.findIndex(({ id }) => id === target.id) + 1]
  return { parentId: target.parentId, before: next?.id ?? null }
}
