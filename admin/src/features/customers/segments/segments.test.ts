import { describe, expect, it } from '@jest/globals'
import { segmentDefinitionSchema, type SegmentField, type SegmentNode } from '#api/contract/segment.ts'
import { draftOf, emptyCondition, emptyGroup, finished, nodeOf, replaced, rootOf, storedDepth, unfinishedKeys } from './segment-tree.ts'

const segmentField = (name: string, type: SegmentField['type'], ops: SegmentField['ops']): SegmentField => ({
  field: name,
  label: null,
  group: 'profile',
  type,
  ops,
  choices: null,
})

describe('MOD-06 the builder of segments', () => {
  const fields = new Map(
    [
      segmentField('name', 'text', ['contains', 'is']),
      segmentField('count', 'count', ['at_least']),
      segmentField('birthday', 'date', ['from', 'is']),
      segmentField('createdAt', 'time', ['from']),
      segmentField('vip', 'boolean', ['is']),
    ].map((one) => [one.field, one]),
  )
  const tree: SegmentNode = {
    all: [
      { field: 'name', op: 'contains', text: '李' },
      {
        any: [
          { field: 'count', op: 'at_least', number: 3, days: 30 },
          { field: 'birthday', op: 'from', time: '2026-01-02' },
        ],
      },
      { not: { any: [{ field: 'vip', op: 'is', value: true }] } },
      { not: { all: [{ field: 'name', op: 'is', value: '王' }] } },
    ],
  }
  it('draws what was saved and saves what was drawn', () => {
    expect(nodeOf(draftOf(tree), fields)).toEqual(tree)
    expect(segmentDefinitionSchema.parse(nodeOf(rootOf(tree), fields))).toEqual(tree)
  })
  it('keeps a moment to the day where the reader is', () => {
    const time = new Date(2026, 10, 5).toISOString()
    const node: SegmentNode = { all: [{ field: 'createdAt', op: 'from', time }] }
    expect(nodeOf(draftOf(node), fields)).toEqual(node)
  })
  it('counts a negated group twice, as it is stored', () => {
    const leaf = emptyCondition(fields.get('name')!)
    expect([storedDepth(emptyGroup('all', [leaf])), storedDepth(emptyGroup('all', [emptyGroup('none', [leaf])]))]).toEqual([2, 4])
  })
  it('puts a lone condition into a group, and reads a lone negation as "none of"', () => {
    expect(rootOf({ field: 'name', op: 'contains', text: '李' }).mode).toBe('all')
    expect(rootOf({ not: { field: 'name', op: 'contains', text: '李' } }).mode).toBe('none')
  })
  it('leaves out what is unfinished, and says which', () => {
    const half = emptyCondition(fields.get('name')!)
    const gone = { ...half, key: 999, field: 'gone' }
    const root = emptyGroup('all', [half, gone, emptyGroup('any', [])])
    expect(nodeOf(root, fields)).toBeNull()
    expect(unfinishedKeys(root, fields)).toEqual([half.key, 999])
    expect(finished({ ...half, text: ' 李 ' }, fields)).toEqual({ field: 'name', op: 'contains', text: '李' })
  })
  it('changes and removes a node wherever it stands', () => {
    const inner = emptyCondition(fields.get('name')!)
    const root = emptyGroup('all', [emptyGroup('any', [inner])])
    const changed = replaced(root, inner.key, { ...inner, text: 'x' })
    expect(JSON.stringify(changed)).toContain('"text":"x"')
    expect(replaced(root, inner.key, null).children[0]).toMatchObject({ children: [] })
  })
})
