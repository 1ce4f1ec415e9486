import { describe, expect, it } from '@jest/globals'
import type { CustomerFilter } from '#api/contract/customer.ts'
import { customerFilter, customerListQuery } from '#api/contract/customer.ts'
import type { FieldValues, ListedEntry } from '#api/contract/dictionary.ts'
import type { MergeFieldSides, MergeSuggestion } from '#api/contract/merge.ts'
import { ApiError } from '../../api/http.ts'
import { countWords } from './count-words.ts'
import { customFields, problemsOf, valuesToSend } from './fields/field-values.ts'
import { fieldWords } from './fields/field-words.ts'
import { changesBetween, rebased } from './fields/form-changes.ts'
import { usedColumns } from './imports/import-columns.ts'
import { columnsFor } from '../../shared/chosen-columns.ts'
import { customerColumns } from './list/customer-columns.ts'
import { addressOf, FILTER_DEFAULTS, filterOf, isNarrowed, moreCount, orderParams, withoutFilters } from './list/filter-state.ts'
import { oneByOne } from './list/one-by-one.ts'
import { candidatesFor } from './merging/candidates.ts'
import { chosenOnly, daysLeft, inReadingOrder, proposed } from './merging/choices.ts'
import { fieldTitle } from './merging/field-title.ts'
import { byDay } from './profile/timeline-days.ts'
import { emptyTerms, termsBody, termsProblem } from '../../shared/relations/relation-terms.ts'
import { byCategory } from './tags/tag-groups.ts'

const ID = '01930000-0000-7000-8000-000000000001'
const OTHER = '01930000-0000-7000-8000-000000000002'
const list = { ...FILTER_DEFAULTS }

describe('MOD-04 the list of customers', () => {
  it('asks in an address for what the filters say, in words the API takes', () => {
    const state = {
      ...list,
      q: 'zm',
      tags: `${ID},${OTHER}`,
      tagMode: 'all',
      without: ID,
      contactFrom: '2026-11-01',
      contactUntil: '2026-11-02',
    }
    const query = customerListQuery.parse({ ...addressOf(state), ...orderParams(state.sort) })
    expect(query.tagsAll).toEqual([ID, OTHER])
    expect(query.tagsNone).toEqual([ID])
    expect(query.tagsAny).toBeUndefined()
    // Both days are included, so the range ends where the day after begins.
    expect(Date.parse(query.lastContactUntil ?? '') - Date.parse(query.lastContactFrom ?? '')).toBe(2 * 86_400_000)
    expect([query.sort, query.order]).toEqual(['last_contact', 'desc'])
  })
  it('asks for the same in the body of a bulk request', () => {
    const filter: CustomerFilter = customerFilter.parse(filterOf({ ...list, view: 'archived', owner: 'none' }))
    expect(filter).toEqual({ ownerId: 'none', archived: true })
    expect(customerFilter.parse(filterOf({ ...list, view: 'mine', owner: ID })).ownerId).toBe('me')
    expect(customerFilter.parse(filterOf({ ...list, view: 'temporary', status: 'formal' })).status).toBe('temporary')
  })
  it('leaves out what an address should not say', () => {
    expect(filterOf({ ...list, status: 'nonsense', createdFrom: 'yesterday' })).toEqual({})
    expect(orderParams('-password')).toEqual({ sort: 'last_contact', order: 'desc' })
    expect(orderParams('name')).toEqual({ sort: 'name', order: 'asc' })
  })
  it('knows when it is narrowed, and clears filters without leaving the view', () => {
    expect([isNarrowed(list), isNarrowed({ ...list, view: 'mine' }), isNarrowed({ ...list, region: ID })]).toEqual([false, false, true])
    expect(moreCount({ ...list, region: ID, q: 'x' })).toBe(1)
    expect(withoutFilters({ ...list, view: 'mine', q: 'x', sort: 'name' })).toEqual({ ...list, view: 'mine', sort: 'name' })
  })
  it('shows the columns the reader chose, the name always first', () => {
    expect(columnsFor(customerColumns, []).map(({ key }) => key)).toEqual(['name'])
    expect(columnsFor(customerColumns, ['created', 'tags', 'gone']).map(({ key }) => key)).toEqual(['name', 'tags', 'created'])
    expect(columnsFor(customerColumns, null).length).toBeGreaterThan(3)
  })
  it('says where counting stopped', () => {
    expect([countWords({ count: 1234, capped: false }, 'en'), countWords({ count: 10_000, capped: true }, 'en')]).toEqual([
      '1,234',
      '10,000+',
    ])
  })
})

describe('a change of several customers', () => {
  it('goes on after one that is refused, and says which', async () => {
    const steps: number[] = []
    const change = (n: number) => (n === 2 ? Promise.reject(new ApiError('version_conflict', 409)) : Promise.resolve())
    const outcome = await oneByOne([1, 2, 3], change, (done) => steps.push(done))
    expect(outcome).toEqual({ done: 2, failed: [{ row: 2, code: 'version_conflict' }] })
    expect(steps).toEqual([1, 2, 3])
  })
  it('stops when the network is gone', async () => {
    const asked: number[] = []
    const outcome = await oneByOne([1, 2, 3], (n) => (asked.push(n), Promise.reject(new ApiError('offline', 0))))
    expect(asked).toEqual([1])
    expect(outcome.failed).toHaveLength(3)
  })
})

const entry = (code: string, field: ListedEntry['field'], disabled = false): ListedEntry => ({
  id: ID,
  dictionary: 'customer_field',
  code,
  parentId: null,
  labelZh: `中${code}`,
  labelEn: code,
  color: null,
  field,
  position: 0,
  builtIn: false,
  disabled,
  version: 1,
  uses: null,
})
const options = { required: false, choices: [] }

describe('custom fields', () => {
  const entries = [
    entry('no', { type: 'text', ...options, required: true }),
    entry('size', { type: 'number', ...options }),
    entry('old', { type: 'text', ...options }, true),
    entry('pick', { type: 'select', required: false, choices: [{ value: 'a', labelZh: '甲', labelEn: 'A' }] }),
  ]
  it('are those in use, and retired ones only where a value is left', () => {
    expect(customFields(entries, {}).map(({ code }) => code)).toEqual(['no', 'size', 'pick'])
    expect(customFields(entries, { old: 'x' }).find(({ code }) => code === 'old')?.retired).toBe(true)
  })
  it('are asked for when required, and must be what they are', () => {
    const fields = customFields(entries, { old: 'x' })
    expect(problemsOf(fields, { no: '', size: 'ten' })).toEqual({ no: 'missing', size: 'number' })
    expect(problemsOf(fields, { no: '7', size: 0 })).toEqual({})
  })
  it('are sent without retired ones, emptied ones as nothing', () => {
    expect(valuesToSend(customFields(entries, { old: 'x' }), { no: '7', size: '', old: 'x', pick: 'a' })).toEqual({
      no: '7',
      size: null,
      pick: 'a',
    })
  })
  it('are read in the reader’s language', () => {
    const pick = customFields(entries, {}).find(({ code }) => code === 'pick')!
    expect([
      fieldWords(pick, 'a', { locale: 'zh-CN', yes: '是', no: '否' }),
      fieldWords(pick, 'gone', { locale: 'en', yes: 'y', no: 'n' }),
    ]).toEqual(['甲', 'gone'])
  })
})

describe('a form begun on an older version', () => {
  const before: { name: string; title: string; fields: FieldValues } = { name: '李', title: '', fields: { a: 1, b: 2 } }
  it('sends only what was changed', () => {
    expect(changesBetween(before, { ...before, title: '经理' })).toEqual({ title: '经理' })
    expect(changesBetween(before, { ...before, fields: { a: 1, b: 2, c: null } })).toBeNull()
    expect(changesBetween(before, { ...before, fields: { a: 1 } })).toEqual({ fields: { a: 1 } })
  })
  it('keeps what was typed and takes over what a colleague changed', () => {
    const typed = { ...before, title: '经理', fields: { a: 9, b: 2 } }
    const now = { name: '李梅', title: '主管', fields: { a: 1, b: 3, c: 4 } }
    expect(rebased(typed, before, now)).toEqual({ name: '李梅', title: '经理', fields: { a: 9, b: 3, c: 4 } })
  })
})

describe('MOD-07 merging', () => {
  const side = (value: string | null) => ({ value, label: null })
  const field = (name: 'name' | 'title', conflict: boolean, suggested: 'into' | 'from'): MergeFieldSides => ({
    field: name,
    into: side('a'),
    from: side('b'),
    conflict,
    suggested,
  })
  const fields = [field('name', false, 'into'), field('title', true, 'from')]
  it('shows conflicts first and sends only what was chosen otherwise', () => {
    expect(inReadingOrder(fields).map((one) => one.field)).toEqual(['title', 'name'])
    expect(chosenOnly(fields, proposed(fields))).toEqual({})
    expect(chosenOnly(fields, { ...proposed(fields), title: 'into' })).toEqual({ title: 'into' })
  })
  it('counts the days that are left to undo', () => {
    const now = Date.parse('2026-11-22T00:00:00Z')
    expect(daysLeft('2026-11-22T01:00:00Z', now)).toBe(1)
    expect(daysLeft('2026-11-21T00:00:00Z', now)).toBe(0)
  })
  it('names custom fields by the dictionary, and by their code once they are gone', () => {
    const own = (name: string) => `own ${name}`
    expect(fieldTitle('fields.no', [entry('no', null)], { locale: 'zh-CN', own })).toBe('中no')
    expect(fieldTitle('fields.gone', [], { locale: 'en', own })).toBe('gone')
    expect(fieldTitle('name', [], { locale: 'en', own })).toBe('own name')
  })
  it('proposes everybody once and never the customer himself', () => {
    const person = {
      id: ID,
      name: '李',
      avatarUrl: null,
      tail: 'x',
      institution: null,
      phone: null,
      channelKinds: [],
      lastContactAt: null,
      createdAt: '',
      version: 1,
    }
    const suggestion: MergeSuggestion = {
      id: ID,
      customers: [person, { ...person, id: OTHER }],
      reasons: ['same_phone'],
      state: 'open',
      createdAt: '',
      decidedAt: null,
    }
    const duplicates = [OTHER, ID].map((id) => ({ id, name: '李', institution: '远山', reasons: ['name_and_institution' as const] }))
    expect(candidatesFor({ id: ID }, [suggestion], duplicates).map(({ id, reasons }) => [id, reasons])).toEqual([[OTHER, ['same_phone']]])
    expect(candidatesFor({ id: ID }, [], duplicates)[0]?.reasons).toEqual(['same_name'])
  })
})

describe('smaller things', () => {
  it('MOD-05 groups tags under their headings, those without one last', () => {
    const tag = (name: string, category: string) => ({ name, category })
    expect(
      byCategory([tag('b', ''), tag('z', '阶段'), tag('a', '阶段')]).map(({ category, tags }) => [category, tags.map(({ name }) => name)]),
    ).toEqual([
      ['阶段', ['a', 'z']],
      ['', ['b']],
    ])
  })
  it('puts the timeline under its days', () => {
    const at = (iso: string) => ({ kind: 'note', id: iso, at: iso, text: null, state: null, actor: null, facts: {} })
    expect(
      byDay([at('2026-01-02a'), at('2026-01-02b'), at('2026-01-01')], (iso) => iso.slice(0, 10)).map(({ entries }) => entries.length),
    ).toEqual([2, 1])
  })
  it('shows the columns of a file that are used, in the order of the template', () => {
    const rows = [{ cells: { phone: '1', 'fields.no': '2', name: 'x' }, errors: [{ column: 'institution' }] }]
    expect(usedColumns(rows)).toEqual(['name', 'phone', 'institution', 'fields.no'])
  })
  it('BP-008 asks for a team and for dates in order, and reminds only where there is an end', () => {
    const terms = { ...emptyTerms(), teamId: ID }
    expect([
      termsProblem(emptyTerms()),
      termsProblem({ ...terms, validFrom: '2026-02-01', validUntil: '2026-01-01' }),
      termsProblem(terms),
    ]).toEqual(['team', 'dates', null])
    expect(termsBody(terms)).toMatchObject({ validUntil: null, remindDays: null })
    expect('validFrom' in termsBody(terms)).toBe(false)
  })
})
