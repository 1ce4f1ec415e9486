import type { SegmentCondition, SegmentField, SegmentNode, SegmentOp } from '#api/contract/segment.ts'

/** A condition while it is being written: every kind of value has its place, `op` says which one counts. */
export interface DraftCondition {
  key: number
  kind: 'condition'
  field: string
  op: SegmentOp
  /** Of `is`, as text; numbers and yes/no are read by the field's type. */
  value: string
  text: string
  values: string[]
  number: number | null
  days: number | null
  /** `yyyy-mm-dd` where the reader is. */
  day: string
}
/** `none`: not one of them; `not_all`: at least one does not hold. */
export type GroupMode = 'all' | 'any' | 'none' | 'not_all'
export interface DraftGroup {
  key: number
  kind: 'group'
  mode: GroupMode
  children: DraftNode[]
}
export type DraftNode = DraftCondition | DraftGroup

let lastKey = 0
const newKey = (): number => (lastKey += 1)

export const emptyCondition = (field: SegmentField): DraftCondition => ({
  key: newKey(),
  kind: 'condition',
  field: field.field,
  op: field.ops[0] ?? 'is',
  value: field.type === 'boolean' ? 'true' : '',
  text: '',
  values: [],
  number: field.type === 'count' ? 1 : null,
  days: 30,
  day: '',
})
export const emptyGroup = (mode: GroupMode, children: DraftNode[] = []): DraftGroup => ({ key: newKey(), kind: 'group', mode, children })

/** `yyyy-mm-dd` of a moment where the reader is; days stay as they are. */
const dayOf = (time: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(time)) return time
  const moment = new Date(time)
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`
}

const draftCondition = (node: SegmentCondition): DraftCondition => ({
  key: newKey(),
  kind: 'condition',
  field: node.field,
  op: node.op,
  value: 'value' in node ? String(node.value) : '',
  text: 'text' in node ? node.text : '',
  values: 'values' in node ? [...node.values] : [],
  number: 'number' in node ? node.number : null,
  // At least and at most count since ever unless they say otherwise.
  days: 'days' in node ? (node.days ?? null) : null,
  day: 'time' in node ? dayOf(node.time) : '',
})

/** What was saved, as the builder draws it. */
export const draftOf = (node: SegmentNode): DraftNode => {
  if ('op' in node) return draftCondition(node)
  if ('all' in node) return emptyGroup('all', node.all.map(draftOf))
  if ('any' in node) return emptyGroup('any', node.any.map(draftOf))
  if ('any' in node.not) return emptyGroup('none', node.not.any.map(draftOf))
  if ('all' in node.not) return emptyGroup('not_all', node.not.all.map(draftOf))
  return emptyGroup('none', [draftOf(node.not)])
}
/** The outermost is always a group, so that something can be added beside it. */
export const rootOf = (node: SegmentNode): DraftGroup => {
  const draft = draftOf(node)
  return draft.kind === 'group' ? draft : emptyGroup('all', [draft])
}

const startOf = (day: string): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date).toISOString()
}
const plainValue = (value: string, type: SegmentField['type']): string | number | boolean | null => {
  if (type === 'boolean') return value === 'true'
  if (type !== 'number' && type !== 'count') return value.trim() === '' ? null : value.trim()
  const number = Number(value)
  return value.trim() === '' || !Number.isFinite(number) ? null : number
}

const numberNode = (
  { field, number, days }: DraftCondition,
  op: 'at_least' | 'at_most',
  type: SegmentField['type'],
): SegmentCondition | null => (number === null ? null : { field, op, number, ...(type === 'count' && days !== null ? { days } : {}) })
const dayNode = ({ field, day }: DraftCondition, op: 'from' | 'before', type: SegmentField['type']): SegmentCondition | null =>
  day === '' ? null : { field, op, time: type === 'date' ? day : startOf(day) }
const valueNode = (draft: DraftCondition, type: SegmentField['type']): SegmentCondition | null => {
  const value = plainValue(draft.value, type)
  return value === null ? null : { field: draft.field, op: 'is', value }
}
const choiceNode = ({ field, values }: DraftCondition, op: 'any_of' | 'all_of' | 'none_of'): SegmentCondition | null =>
  values.length === 0 ? null : { field, op, values }
const spanNode = ({ field, days }: DraftCondition, op: 'within_days' | 'not_within_days'): SegmentCondition | null =>
  days === null ? null : { field, op, days }
const textNode = ({ field, text }: DraftCondition): SegmentCondition | null =>
  text.trim() === '' ? null : { field, op: 'contains', text: text.trim() }

const conditionNode = (draft: DraftCondition, type: SegmentField['type']): SegmentCondition | null => {
  const { field, op } = draft
  switch (op) {
    case 'is':
      return valueNode(draft, type)
    case 'contains':
      return textNode(draft)
    case 'any_of':
    case 'all_of':
    case 'none_of':
      return choiceNode(draft, op)
    case 'empty':
    case 'not_empty':
      return { field, op }
    case 'at_least':
    case 'at_most':
      return numberNode(draft, op, type)
    case 'within_days':
    case 'not_within_days':
      return spanNode(draft, op)
    case 'from':
    case 'before':
      return dayNode(draft, op, type)
  }
}

export type FieldTypes = ReadonlyMap<string, SegmentField>

/** Null: the condition lacks something, or its field is no longer there. */
export const finished = (draft: DraftCondition, fields: FieldTypes): SegmentCondition | null => {
  const field = fields.get(draft.field)
  return field === undefined ? null : conditionNode(draft, field.type)
}

const joinNodes = (mode: GroupMode, nodes: SegmentNode[]): SegmentNode => {
  if (mode === 'all') return { all: nodes }
  if (mode === 'any') return { any: nodes }
  return { not: mode === 'none' ? { any: nodes } : { all: nodes } }
}

/** What is finished of it, as it is sent. Groups without anything finished in them are left out: an empty one would mean "everybody" or "nobody". */
export const nodeOf = (draft: DraftNode, fields: FieldTypes): SegmentNode | null => {
  if (draft.kind === 'condition') return finished(draft, fields)
  const nodes = draft.children.flatMap((child) => nodeOf(child, fields) ?? [])
  return nodes.length === 0 ? null : joinNodes(draft.mode, nodes)
}

/** Levels of what is stored: a negated group counts twice. */
export const storedDepth = (draft: DraftNode): number => {
  if (draft.kind === 'condition') return 1
  const own = draft.mode === 'none' || draft.mode === 'not_all' ? 2 : 1
  return own + Math.max(0, ...draft.children.map(storedDepth))
}

const conditionsIn = (draft: DraftNode): DraftCondition[] => (draft.kind === 'condition' ? [draft] : draft.children.flatMap(conditionsIn))
export const conditionCount = (draft: DraftNode): number => conditionsIn(draft).length
export const unfinishedKeys = (draft: DraftNode, fields: FieldTypes): number[] =>
  conditionsIn(draft)
    .filter((condition) => finished(condition, fields) === null)
    .map(({ key }) => key)

/** A changed node takes the place of the one with its key; null removes it. */
export const replaced = (group: DraftGroup, key: number, next: DraftNode | null): DraftGroup => ({
  ...group,
  children: group.children.flatMap((child) => {
    if (child.key === key) return next === null ? [] : [next]
    return [child.kind === 'group' ? replaced(child, key, next) : child]
  }),
})

/** Another field keeps nothing but its place: values of one mean nothing to another. */
export const withField = (draft: DraftCondition, field: SegmentField): DraftCondition => ({ ...emptyCondition(field), key: draft.key })
