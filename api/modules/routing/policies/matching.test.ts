import { expect, test } from '@jest/globals'
import { policyConditionsSchema } from '../../../contract/routing.ts'
import { MOMENT, policy } from '../assigning/random-field.ts'
import { type LoadedPolicy, whyNot } from './matching.ts'

const facts = { channelKind: 'web', channelAccountId: 'page', tagIds: ['vip'], businessTypeId: 'invoices' }
const verdict = (conditions: object, more: Partial<LoadedPolicy> = {}, moment = MOMENT) =>
  whyNot(
    policy('least_open', {}, { conditions: { ...policyConditionsSchema.parse({}), ...conditions }, ...more }),
    { teamId: null, facts },
    moment,
  )

test.each([
  ['channel', { channelKinds: ['web', 'wecom'] }, { channelKinds: ['wecom'] }],
  ['channel account', { channelAccountIds: ['page'] }, { channelAccountIds: ['other'] }],
  ['customer tag', { tagIds: ['new', 'vip'] }, { tagIds: ['new'] }],
  ['business type', { businessTypeIds: ['invoices'] }, { businessTypeIds: ['repairs'] }],
  ['day of the week', { weekdays: [1, 2] }, { weekdays: [6, 7] }],
  ['time of day', { from: '09:00', to: '18:00' }, { from: '18:00', to: '22:00' }],
])('BP-015.1 condition: %s', (_what, holds, fails) => {
  expect(verdict(holds)).toBeNull()
  expect(verdict(fails)).toBe('conditions')
  expect(verdict({ ...holds, channelKinds: ['wecom'] })).toBe('conditions')
})

test('a night ends on the next morning, and belongs to the day on which it began', () => {
  const night = { from: '22:00', to: '06:00', weekdays: [7] }
  expect(verdict(night, {}, { ...MOMENT, weekday: 7, minute: 23 * 60 })).toBeNull()
  expect(verdict(night, {}, { ...MOMENT, weekday: 1, minute: 5 * 60 })).toBeNull()
  expect(verdict(night, {}, { ...MOMENT, weekday: 7, minute: 5 * 60 })).toBe('conditions')
  expect(verdict(night, {}, { ...MOMENT, weekday: 1, minute: 6 * 60 })).toBe('conditions')
})

test('a calendar that is gone is neither open nor closed', () => {
  const asks = (state: 'open' | 'closed') => ({ calendar: { id: 'c', state } })
  expect(verdict(asks('open'), { calendarOpen: true })).toBeNull()
  expect(verdict(asks('closed'), { calendarOpen: true })).toBe('conditions')
  expect(verdict(asks('closed'), { calendarOpen: null })).toBe('conditions')
})
