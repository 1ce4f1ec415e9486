import { z } from 'zod'

/** Every list is paged by an opaque cursor and has a limit. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(30),
  cursor: z.string().max(600).optional(),
})
export const page = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), nextCursor: z.string().nullable() })
export const one = <T extends z.ZodType>(item: T) => z.object({ data: item })
