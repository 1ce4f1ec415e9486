import { describe, expect, it } from '@jest/globals'
import { phoneWords } from './phone-words.ts'
import { orderOf, sortAfterClick } from './table-sort.ts'
import { joined, listed, readUrlState, writeUrlState } from './url-state.ts'

const defaults = { q: '', sort: '-lastContactAt', tags: '', page: 'all' }

describe('filters in the address', () => {
  it('are read with their defaults, and what the list does not know is left alone', () => {
    expect(readUrlState({ q: '李', next: '/x' }, defaults)).toEqual({ ...defaults, q: '李' })
  })
  it('take the first of a repeated value, and an empty one for what it is', () => {
    expect(readUrlState({ q: ['a', 'b'], sort: null, page: '' }, defaults)).toEqual({ ...defaults, q: 'a', sort: '', page: '' })
  })
  it('stand in the address only where they differ, so that a plain list has a plain address', () => {
    expect(writeUrlState(defaults, defaults)).toEqual({})
    expect(writeUrlState({ ...defaults, q: '李', page: '' }, defaults)).toEqual({ q: '李', page: '' })
  })
  it('hold several values in one', () => {
    expect(listed(joined(['a', 'b']))).toEqual(['a', 'b'])
    expect(listed('')).toEqual([])
  })
})

describe('ordering by a heading', () => {
  const name = { key: 'name', titleKey: 'x', sort: 'name' }
  const seen = { key: 'seen', titleKey: 'x', sort: 'seenAt', sortFirst: 'desc' as const }

  it('starts the column’s own way and turns with the next click', () => {
    expect(sortAfterClick(name, '-seenAt')).toBe('name')
    expect(sortAfterClick(name, 'name')).toBe('-name')
    expect(sortAfterClick(seen, 'name')).toBe('-seenAt')
    expect(sortAfterClick(seen, '-seenAt')).toBe('seenAt')
  })
  it('shows only the column that orders', () => {
    expect([orderOf(name, '-name'), orderOf(seen, '-name'), orderOf({ key: 'k', titleKey: 'x' }, '')]).toEqual(['desc', null, null])
  })
})

describe('a phone number in full', () => {
  it('is grouped so that it can be read out', () => {
    expect([phoneWords('+8613810734517'), phoneWords('+85291234567'), phoneWords('+4917012345')]).toEqual([
      '+86 138 1073 4517',
      '+852 91234567',
      '+4917012345',
    ])
  })
})
