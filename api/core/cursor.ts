/** Keyset paging: a cursor is the sort key of the last row shown, opaque to clients. */
import { z } from 'zod'
import { Invalid } from './errors.ts'

const key = z
  .string()
  .max(100)
  .refine((text) => !text.includes('\0') && text.isWellFormed())
const parts = z.tuple([key, z.uuid()])

export const encodeCursor = (key: string, id: string): string => Buffer.from(JSON.stringify([key, id])).toString('base64url')

/** @throws Invalid `invalid_request` for anything that we did not make */
export function decodeCursor(cursor: string | undefined): { key: string; id: string } | null {
  if (cursor === undefined) return null
  try {
    const [key, id] = parts.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { key, id }
  } catch {
    throw new Invalid('invalid_request', 'bad cursor')
  }
}

/** The same where the sort key is a time, as PostgreSQL or JSON writes it. @throws Invalid `invalid_request` */
export function decodeTimeCursor(cursor: string | undefined): { key: string; id: string } | null {
  const place = decodeCursor(cursor)
  if (place && !cursorTime.safeParse(place.key.replace(' ', 'T').replace(/[+-]\d\d$/, '$&:00')).success)
    throw new Invalid('invalid_request', 'bad cursor')
  return place
}

/** A time as a sort key: microseconds would be lost in a JavaScript date, so SQL gives and takes text. */
export const cursorTime = z.iso.datetime({ offset: true })
