/** Segments as people build them, over the customers of `many-customers.ts`; other values in each asking. */
import type { SegmentNode } from '#api/contract/segment.ts'

const id = (kind: string, number: number) => `0193${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
const level = (turn: number): SegmentNode => ({ field: 'level', op: 'any_of', values: [id('0001', turn % 4)] })
const region = (turn: number): SegmentNode => ({ field: 'region', op: 'any_of', values: [id('0002', turn % 34)] })
const tag = (turn: number): SegmentNode => ({ field: 'tags', op: 'any_of', values: [id('0003', turn % 100)] })
const formal: SegmentNode = { field: 'status', op: 'any_of', values: ['formal'] }
const silent = (days: number): SegmentNode => ({ field: 'lastContactAt', op: 'not_within_days', days })
const wrote = (number: number, days: number): SegmentNode => ({ field: 'conversations.count', op: 'at_least', number, days })

export const SEGMENTS: readonly [title: string, definition: (turn: number) => SegmentNode][] = [
  ['everybody', () => ({ all: [] })],
  ['a level', level],
  ['a region, also by institution', region],
  ['a tag', tag],
  ['not that tag', (turn) => ({ not: tag(turn) })],
  ['level, region and tag', (turn) => ({ all: [level(turn), region(turn * 3), tag(turn)] })],
  ['a rare tag or a level', (turn) => ({ any: [tag(50 + turn), level(turn)] })],
  ['formal, of a tag or region, not of a level', (turn) => ({ all: [formal, { any: [tag(70 + turn), region(turn)] }, { not: level(turn) }] })],
  ['silent for a year, with a rare tag', (turn) => ({ all: [silent(400 + turn), tag(60 + (turn % 40))] })],
  ['wrote this month', (turn) => wrote(1, 30 + turn)],
  ['wrote twice this quarter', (turn) => wrote(2, 90 + turn)],
  ['never wrote, of a level', (turn) => ({ all: [{ field: 'conversations.count', op: 'at_most', number: 0 }, level(turn)] })],
  ['a name', (turn) => ({ field: 'name', op: 'contains', text: ['王伟', '李娜', '张静'][turn % 3] ?? '陈佳' })],
  ['a rare channel', () => ({ field: 'channels', op: 'any_of', values: ['wecom'] })],
  ['in no institution', () => ({ field: 'institution', op: 'empty' })],
  // No index has these: every row is looked at.
  ['a title that nobody has', (turn) => ({ field: 'title', op: 'contains', text: `主管${turn}` })],
]
