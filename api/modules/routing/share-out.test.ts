import { expect, test } from '@jest/globals'
import { type Candidate, shareOut } from './share-out.ts'

const NOW = new Date('2026-11-23T01:00:00Z')
const agent = (accountId: string, more: Partial<Candidate> = {}): Candidate => ({
  accountId,
  name: accountId,
  capacity: 10,
  load: 0,
  teamIds: [],
  lastAssignedAt: null,
  ...more,
})
const work = (count: number) => Array.from({ length: count }, (_, index) => `work-${index}`)
const sharesOf = (candidates: Candidate[], count: number, rooms: Record<string, number> = {}) => {
  const shares: Record<string, number> = {}
  for (const { accountId } of shareOut({ candidates, rooms: new Map(Object.entries(rooms)) }, work(count), NOW).values()) {
    shares[accountId] = (shares[accountId] ?? 0) + 1
  }
  return shares
}

test('BP-003.4 the one with the least to do comes first, of equals who has waited longest', () => {
  expect(sharesOf([agent('a', { load: 2 }), agent('b')], 3)).toEqual({ a: 1, b: 2 })
  const [first] = shareOut({ candidates: [agent('a', { lastAssignedAt: NOW }), agent('b')], rooms: new Map() }, work(1), NOW).values()
  expect(first?.accountId).toBe('b')
})

test('BP-007.6 nobody gets more than his own limit leaves', () => {
  expect(sharesOf([agent('a', { capacity: 2, load: 1 }), agent('b', { capacity: 3 })], 9)).toEqual({ a: 1, b: 3 })
})

test('BP-007.6 a team gets no more than its limit on all leaves, however free its members are', () => {
  const both = [agent('a', { teamIds: ['sales'] }), agent('b', { teamIds: ['sales'] }), agent('c', { load: 8 })]
  expect(sharesOf(both, 9, { sales: 3 })).toEqual({ a: 2, b: 1, c: 2 })
})

test('BP-007.6 who is in two limited teams takes a place in both', () => {
  const three = [agent('a', { teamIds: ['sales', 'vip'] }), agent('b', { teamIds: ['sales'] }), agent('c', { teamIds: ['vip'] })]
  const shares = sharesOf(three, 9, { sales: 2, vip: 2 })
  expect((shares['a'] ?? 0) + (shares['b'] ?? 0)).toBe(2)
  expect((shares['a'] ?? 0) + (shares['c'] ?? 0)).toBe(2)
})

test('a team that is already over its limit gets nothing', () => {
  expect(sharesOf([agent('a', { teamIds: ['sales'] })], 2, { sales: -1 })).toEqual({})
})
