import { describe, expect, test } from '@jest/globals'
import { linkState } from './rules.ts'

const now = new Date('2026-11-22T08:00:00Z')
const link = { revoked_at: null, expires_at: new Date('2026-11-22T08:00:01Z'), uses: 0, max_uses: 2 }

describe('BP-001.1 what a registration link is worth', () => {
  test('it is valid until its time is over, and not a moment longer', () => {
    expect(linkState(link, now)).toBe('valid')
    expect(linkState({ ...link, expires_at: now }, now)).toBe('expired')
  })

  test('a link that everybody used is used up, also when its time is over later', () => {
    expect(linkState({ ...link, uses: 1 }, now)).toBe('valid')
    expect(linkState({ ...link, uses: 2, expires_at: now }, now)).toBe('used_up')
  })

  test('taken back is taken back, whatever else it is', () => {
    expect(linkState({ ...link, uses: 2, revoked_at: now, expires_at: now }, now)).toBe('revoked')
  })
})
