/** Values from outside are checked here and nowhere later: a fault is the caller's, not ours. */
import type { z } from 'zod'
import { Invalid } from './errors.ts'

/** @throws Invalid `invalid_request` with up to twenty issues */
export function fromOutside<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), code: issue.code, message: issue.message }))
  throw new Invalid('invalid_request', 'the request does not fit its schema', { issues })
}
