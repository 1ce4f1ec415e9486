import { describe, expect, test } from '@jest/globals'
import type { Department } from '#api/contract/organisation.ts'
import { branchOf, placeOf, treeOf } from './department-tree.ts'
import { changedFields, staffForm } from './staff-form.ts'
import type { StaffMember } from '#api/contract/organisation.ts'

const department = (id: string, parentId: string | null, position: number, members = 0): Department => ({
  id,
  parentId,
  name: id,
  leader: null,
  position,
  members,
  version: 1,
})
const all = [
  department('b', null, 1, 2),
  department('a', null, 0, 1),
  department('a2', 'a', 1, 4),
  department('a1', 'a', 0, 3),
  department('a11', 'a1', 0),
]

describe('MOD-02 the department tree on screen', () => {
  test('siblings stand in their order, and people below are counted', () => {
    const tree = treeOf(all)
    expect(tree.map(({ id, people }) => [id, people])).toEqual([
      ['a', 8],
      ['b', 2],
    ])
    expect(tree[0]?.children.map(({ id }) => id)).toEqual(['a1', 'a2'])
  })

  test('a branch is everything that moves along', () => {
    expect([...branchOf(all, 'a')].sort()).toEqual(['a', 'a1', 'a11', 'a2'])
    expect([...branchOf(all, 'b')]).toEqual(['b'])
  })

  test('where it was dropped becomes a parent and a neighbour', () => {
    const [, , a2, a1] = all
    if (!a1 || !a2) throw new Error('unreachable')
    expect(placeOf(all, a1, 'inner')).toEqual({ parentId: 'a1', before: null })
    expect(placeOf(all, a1, 'before')).toEqual({ parentId: 'a', before: 'a1' })
    expect(placeOf(all, a1, 'after')).toEqual({ parentId: 'a', before: 'a2' })
    expect(placeOf(all, a2, 'after')).toEqual({ parentId: 'a', before: null })
  })
})

describe('MOD-03 the staff form', () => {
  const member: StaffMember = {
    id: '1',
    username: 'li.na',
    name: '李娜',
    avatarUrl: null,
    status: 'active',
    role: { id: 'r1', code: 'agent', name: '客服' },
    department: null,
    employeeNumber: null,
    titleId: null,
    phone: '+86 138****8000',
    phoneProven: true,
    email: null,
    joinedOn: null,
    note: '',
    skills: [],
    languages: [],
    mustChangePassword: false,
    lastLoginAt: null,
    manageable: true,
    version: 3,
  }

  test('only what changed is sent; a masked number is never sent back', () => {
    expect(changedFields(member, staffForm(member))).toEqual({})
    expect(changedFields(member, { ...staffForm(member), name: ' 李娜娜 ', email: '' })).toEqual({ name: '李娜娜' })
    expect(changedFields(member, { ...staffForm(member), phone: '13900139000' })).toEqual({ phone: '13900139000' })
    expect(changedFields(member, { ...staffForm(member), removePhone: true })).toEqual({ phone: null })
  })
})
