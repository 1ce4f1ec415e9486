import { describe, expect, it } from '@jest/globals'
import { wipLimitsPut } from '#api/contract/ticket-board.ts'
import { ticketTypeCreate, type TicketType } from '#api/contract/ticket-type.ts'
import { ticketMacroCreate, type TicketMacro } from '#api/contract/ticket-macro.ts'
import * as macros from './macros/macro-form.ts'
import * as types from './types/type-form.ts'
import { limitsOf, rowsOf } from './wip/wip-rows.ts'

const ID = '01930000-0000-7000-8000-000000000001'
const type: TicketType = {
  id: ID,
  nameZh: '上门维修',
  nameEn: 'On-site repair',
  description: '',
  color: '#d64545',
  businessType: null,
  team: null,
  priority: 'high',
  fields: [
    {
      ...{
        key: 'part',
        labelZh: '部位',
        labelEn: 'Part',
        type: 'select',
        requiredIn: ['new'],
        dictionary: null,
        hintZh: '',
        hintEn: '',
        forCustomers: true,
      },
      choices: [{ value: 'column', labelZh: '升降柱', labelEn: 'Column' }],
    },
  ],
  openToCustomers: true,
  position: 1,
  disabled: false,
  version: 3,
}

describe('BP-005.3 a ticket type in the form designer', () => {
  it('is unchanged until something is, and what it sends is what the contract takes', () => {
    const form = types.formOf(type)
    expect(types.isChanged(form, type)).toBe(false)
    form.fields = [...form.fields, types.newField('dictionary', form.fields)]
    Object.assign(form.fields[1] ?? {}, { labelZh: '问题', labelEn: 'Issue' })
    expect(types.isChanged(form, type)).toBe(true)
    expect(types.faultsOf(form).size).toBe(0)
    expect(ticketTypeCreate.safeParse(types.bodyOf(form)).success).toBe(true)
  })

  it('names what is wrong with a field before the server does', () => {
    const form = types.formOf(type)
    const [field] = form.fields
    const fault = (change: Partial<types.FieldForm>) => types.fieldFault({ ...field!, ...change }, form.fields)
    expect(fault({})).toBeNull()
    expect(fault({ labelEn: ' ' })).toBe('label')
    expect(fault({ key: '2nd' })).toBe('key')
    expect(fault({ uid: -1 })).toBe('key_taken')
    expect(fault({ choices: [] })).toBe('choices')
    expect(fault({ choices: [...field!.choices, ...field!.choices] })).toBe('choice_taken')
  })

  it('gives every new field a key of its own, and moves fields without losing one', () => {
    const one = types.newField('text', [])
    const two = types.newField('number', [one])
    expect([one.key, two.key]).toEqual(['field_1', 'field_2'])
    expect(types.freeKey([two])).toBe('field_1')
    expect(types.moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
  })
})

describe('BP-006.9 a macro', () => {
  const actions: TicketMacro['actions'] = [
    { kind: 'status', to: 'on_hold', reason: '等待备件' },
    { kind: 'tags', add: ['备件'], remove: [] },
    { kind: 'field', key: 'part', value: 'column' },
    { kind: 'assign', to: { kind: 'team', teamId: null } },
    { kind: 'follow_up', visibility: 'customer', text: '备件已订购。' },
  ]
  const macro: TicketMacro = {
    ...{ id: ID, name: '等待备件', description: '', team: null, actions, enabled: true, position: 1, uses: 0, version: 1 },
  }

  it('comes out of its form as it went in', () => {
    const body = macros.bodyOf(macros.formOf(macro))
    expect(ticketMacroCreate.parse(body)).toEqual({ name: '等待备件', description: '', teamId: null, actions, enabled: true })
  })

  it('is not sent while a step lacks something, or without any step', () => {
    const form = macros.formOf(macro)
    for (const kind of ['tags', 'field', 'type', 'follow_up'] as const)
      expect(macros.bodyOf({ ...form, actions: [...form.actions, macros.newAction(kind)] })).toBeNull()
    expect(macros.bodyOf({ ...form, actions: [{ ...macros.newAction('assign'), assign: 'agent' }] })).toBeNull()
    expect(macros.bodyOf({ ...form, actions: [] })).toBeNull()
  })
})

describe('BP-013 limits of the board', () => {
  it('are a row for the company and one for each team, and back', () => {
    const team = { id: ID, name: '华东客服组' }
    const limits = [
      { team: null, status: 'in_progress', max: 30 },
      { team, status: 'on_hold', max: 5 },
    ] as const
    const rows = rowsOf(limits)
    expect(rows.map(({ team: of }) => of?.name ?? null)).toEqual([null, '华东客服组'])
    const sent = limitsOf(rows)
    expect(wipLimitsPut.safeParse({ limits: sent, version: 0 }).success).toBe(true)
    expect(sent).toEqual([
      { teamId: null, status: 'in_progress', max: 30 },
      { teamId: ID, status: 'on_hold', max: 5 },
    ])
    expect(limitsOf(rows.map((row) => ({ ...row, max: { ...row.max, on_hold: null } })))).toHaveLength(1)
  })
})
