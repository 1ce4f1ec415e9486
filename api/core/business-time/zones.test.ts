import { expect, test } from '@jest/globals'
import { addDays, dayIn, momentIn } from './index.ts'

test('a day is the one on the wall there, not here', () => {
  const at = new Date('2026-12-31T17:00:00Z')
  expect([dayIn('Asia/Shanghai', at), dayIn('America/New_York', at), dayIn('UTC', at)]).toEqual(['2027-01-01', '2026-12-31', '2026-12-31'])
})

test('a time on the wall is a moment; minutes past midnight are the next day', () => {
  expect(momentIn('Asia/Shanghai', '2026-11-23', 9 * 60).toISOString()).toBe('2026-11-23T01:00:00.000Z')
  expect(momentIn('Asia/Shanghai', '2026-11-23', 30 * 60).toISOString()).toBe('2026-11-23T22:00:00.000Z')
})

test('a time that comes twice is the first, one that is skipped the moment of the change', () => {
  expect(momentIn('America/New_York', '2026-11-01', 90).toISOString()).toBe('2026-11-01T05:30:00.000Z')
  expect(momentIn('America/New_York', '2026-03-08', 150).toISOString()).toBe('2026-03-08T07:00:00.000Z')
  // Beirut goes from 24:00 to 01:00: the day begins at one.
  expect(momentIn('Asia/Beirut', '2026-03-29', 0).toISOString()).toBe('2026-03-28T22:00:00.000Z')
})

test('days are added on the calendar, over leap days and years', () => {
  expect([addDays('2028-02-28', 1), addDays('2027-01-01', -1), addDays('2026-11-23', 7)]).toEqual([
    '2028-02-29',
    '2026-12-31',
    '2026-11-30',
  ])
})
