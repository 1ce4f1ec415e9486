/** What the customers themselves are asked. */
import { anyOf } from './combine.ts'
import type { SegmentChoices, SegmentCondition, SegmentOp } from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import { onColumn, searchQuery } from '../customers/index.ts'
import { unfit } from './faults.ts'
import { choiceLeaf, setLeaf, textLeaf, timeLeaf, unindexed, uuidValues, without } from './leaves.ts'
import type { SegmentSource } from './port.ts'

const TEXT: SegmentOp[] = ['contains', 'is', 'empty', 'not_empty']
const CHOICE: SegmentOp[] = ['any_of', 'none_of', 'empty', 'not_empty']
const SET: SegmentOp[] = ['any_of', 'all_of', 'none_of', 'empty', 'not_empty']
export const TIME: SegmentOp[] = ['within_days', 'not_within_days', 'from', 'before']

const dictionary = (name: Extract<SegmentChoices, { from: 'dictionary' }>['dictionary']): SegmentChoices => ({
  from: 'dictionary',
  dictionary: name,
})
const STATUSES: SegmentChoices = {
  from: 'list',
  values: [
    { value: 'temporary', labelZh: '临时', labelEn: 'Temporary' },
    { value: 'formal', labelZh: '正式', labelEn: 'Formal' },
  ],
}

type Compile = SegmentSource['compile']
type Shape = Pick<SegmentSource, 'group' | 'type' | 'ops'> & { choices?: SegmentChoices }
const field = (name: string, { choices, ...shape }: Shape, compile: Compile): SegmentSource => ({
  field: name,
  label: null,
  ...shape,
  choices: choices ?? null,
  compile,
})

const text =
  (column: string): Compile =>
  (ctx, condition) =>
    textLeaf(ctx, column, condition)
const choice =
  (column: string): Compile =>
  (ctx, condition) =>
    choiceLeaf(ctx, column, 'uuid', condition)
const time =
  (column: string): Compile =>
  (ctx, condition) =>
    timeLeaf(ctx, column, condition)

/** Found as in the list: by characters, 拼音 and initials. */
function nameLeaf(ctx: Ctx, condition: SegmentCondition) {
  if (condition.op !== 'contains') return textLeaf(ctx, 'c.name', condition)
  const query = searchQuery(condition.text)
  if (query === null) throw unfit(condition.field, 'value')
  return onColumn(ctx.trx, 'c.name_search @@ ?::tsquery', [query])
}

/** His own region, else that of his institution. */
function regionLeaf(ctx: Ctx, condition: SegmentCondition) {
  const region = 'coalesce(c.region_id, (select o.region_id from institutions o where o.id = c.institution_id))'
  if (condition.op !== 'any_of') return choiceLeaf(ctx, region, 'uuid', condition)
  const values = uuidValues(condition)
  const here = 'select id from institutions where region_id = any(?::uuid[])'
  return anyOf(ctx.trx, [
    onColumn(ctx.trx, 'c.region_id = any(?::uuid[])', [values]),
    onColumn(ctx.trx, `c.region_id is null and c.institution_id = any(array(${here}))`, [values]),
  ])
}

function institutionTypeLeaf(ctx: Ctx, condition: SegmentCondition) {
  if (condition.op !== 'any_of' && condition.op !== 'none_of') throw unfit(condition.field, 'op')
  const those = 'c.institution_id = any(array(select id from institutions where type_id = any(?::uuid[])))'
  const values = uuidValues(condition)
  return condition.op === 'any_of' ? onColumn(ctx.trx, those, [values]) : unindexed(`(c.institution_id is null or not ${those})`, [values])
}

const tagsLeaf: Compile = (ctx, condition) => {
  if ('values' in condition) uuidValues(condition)
  const rows = (values: readonly string[] | null) =>
    ctx
      .trx('customer_tag_links')
      .select('customer_id')
      .modify((builder) => void (values && builder.whereIn('tag_id', [...values])))
  return setLeaf(ctx.trx, rows, condition)
}

/** Channels know him by an edge of their kind. */
const channelsLeaf: Compile = (ctx, condition) => {
  const rows = (values: readonly string[] | null) =>
    ctx
      .trx('customer_identities')
      .select('customer_id')
      .whereNotNull('channel_account_id')
      .modify((builder) => void (values && builder.whereIn('kind', [...values])))
  return setLeaf(ctx.trx, rows, condition)
}

const phoneLeaf: Compile = (ctx, condition) => {
  const rows = ctx.trx('customer_identities').select('customer_id').where('kind', 'phone')
  if (condition.op === 'empty') return without(rows)
  return setLeaf(ctx.trx, () => rows, condition)
}

const statusLeaf: Compile = (ctx, condition) => choiceLeaf(ctx, 'c.status', 'text', condition)
export const customerFields: readonly SegmentSource[] = [
  field('name', { group: 'profile', type: 'text', ops: TEXT }, nameLeaf),
  field('remarkName', { group: 'profile', type: 'text', ops: TEXT }, text('c.remark_name')),
  field('title', { group: 'profile', type: 'text', ops: TEXT }, text('c.title')),
  field('status', { group: 'profile', type: 'choice', ops: ['any_of', 'none_of'], choices: STATUSES }, statusLeaf),
  field('level', { group: 'profile', type: 'choice', ops: CHOICE, choices: dictionary('customer_level') }, choice('c.level_id')),
  field('tags', { group: 'profile', type: 'choice', ops: SET, choices: { from: 'tags' } }, tagsLeaf),
  field('phone', { group: 'profile', type: 'boolean', ops: ['empty', 'not_empty'] }, phoneLeaf),
  field('createdAt', { group: 'profile', type: 'time', ops: TIME }, time('c.created_at')),
  field(
    'institution',
    { group: 'organisation', type: 'choice', ops: CHOICE, choices: { from: 'institutions' } },
    choice('c.institution_id'),
  ),
  field(
    'institutionType',
    { group: 'organisation', type: 'choice', ops: ['any_of', 'none_of'], choices: dictionary('institution_type') },
    institutionTypeLeaf,
  ),
  field('region', { group: 'organisation', type: 'choice', ops: CHOICE, choices: dictionary('region') }, regionLeaf),
  field('owner', { group: 'organisation', type: 'choice', ops: CHOICE, choices: { from: 'staff' } }, choice('c.owner_id')),
  field('lastContactAt', { group: 'activity', type: 'time', ops: [...TIME, 'empty', 'not_empty'] }, time('c.last_contact_at')),
  field('channels', { group: 'channel', type: 'choice', ops: SET, choices: { from: 'channel_kinds' } }, channelsLeaf),
]
