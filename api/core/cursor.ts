/** Keyset paging: a cursor is the sort key of the last row shown, opaque to clients. */
import { z } from 'zod'
import { Invalid } from './errors.ts'

const parts = z.tuple([z.string().max(60), z.uuid()])

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

/** A time as a sort key: microseconds would be lost in a JavaScript date, so SQL gives and takes text. */
export const cursorTime = z.iso.datetime({ offset: true })
