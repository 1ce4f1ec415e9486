import { expect, test } from '@jest/globals'
import { windowOf } from './allowances.ts'

const now = new Date('2026-11-22T08:00:00Z')
const until = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

test('a channel without limits is always open', () => {
  expect(windowOf([], false, now)).toEqual({ state: 'open', remaining: null, closesAt: null })
})

test('allowances of several actions add up, and the window closes with the last that is left', () => {
  const rows = [
    { expires_at: until(60), granted: 5, spent: 3 },
    { expires_at: until(1), granted: 3, spent: 0 },
    { expires_at: until(-1), granted: 3, spent: 0 },
  ]
  expect(windowOf(rows, true, now)).toEqual({ state: 'open', remaining: 5, closesAt: until(60).toISOString() })
})

test('used up is told apart from over', () => {
  expect(windowOf([{ expires_at: until(60), granted: 5, spent: 5 }], true, now).state).toBe('spent')
  expect(windowOf([{ expires_at: until(0), granted: 5, spent: 0 }], true, now)).toEqual({ state: 'closed', remaining: 0, closesAt: null })
})
