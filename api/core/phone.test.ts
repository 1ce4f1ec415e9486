import { describe, expect, test } from '@jest/globals'
import { maskPhone, parsePhone, readPhone } from './phone.ts'

describe('BP-001.2 BP-002.2 phone numbers', () => {
  test.each([
    ['13800138000', '+8613800138000'],
    [' 138 0013 8000 ', '+8613800138000'],
    ['+86 138-0013-8000', '+8613800138000'],
    ['0086 13800138000', '+8613800138000'],
    ['１３８００１３８０００', '+8613800138000'],
    ['19912345678', '+8619912345678'],
    ['+852 6123 4567', '+85261234567'],
    ['+853 6612 3456', '+85366123456'],
    ['+886 912 345 678', '+886912345678'],
  ])('%s is read as %s', (text, phone) => expect(parsePhone(text)).toBe(phone))

  test.each([
    ['a landline', '010 62345678'],
    ['a landline with its region', '+86 010 62345678'],
    ['a number of elsewhere', '+1 202 555 0123'],
    ['a number that nobody can have', '12345678901'],
    ['too short a number', '1380013800'],
    ['too long a number', '138001380001'],
    ['a number inside a sentence', '打给 13800138000 吧'],
    ['an extension', '13800138000 ext 5'],
    ['nothing', ''],
    ['a megabyte', '1'.repeat(1_000_000)],
  ])('%s is refused', (_what, text) => {
    expect(readPhone(text)).toBeNull()
    expect(() => parsePhone(text)).toThrow(expect.objectContaining({ code: 'phone_invalid' }))
  })

  test.each([
    ['+8613800138000', '+86 138****8000'],
    ['+85261234567', '+852 6****567'],
    ['+886912345678', '+886 91****678'],
    ['nonsense', '****'],
  ])('%s is shown as %s', (phone, shown) => expect(maskPhone(phone)).toBe(shown))
})
