import { expect, test } from '@jest/globals'
import { refetchFurther } from './refetch-further.ts'

/** A queue of numbers in pages of three; a cursor is the first of the next page. */
const pagesOf = (length: number) => (cursor: string) => {
  const from = Number(cursor)
  const rows = Array.from({ length: Math.min(3, length - from) }, (_, index) => from + index)
  return Promise.resolve({ rows, cursor: from + 3 < length ? String(from + 3) : null })
}

test.each<[string, number, string | null, number, number[], string | null]>([
  ['as many pages as were open are open again', 5, '3', 20, [3, 4, 5, 6, 7, 8], '9'],
  ['a queue that has shrunk ends where it ends', 6, '3', 5, [3, 4], null],
  ['a first page that holds everything needs no other', 6, null, 3, [], null],
])('BP-012.1 %s', async (_, wanted, from, length, rows, cursor) => {
  expect(await refetchFurther(wanted, from, pagesOf(length))).toEqual({ rows, cursor })
})
