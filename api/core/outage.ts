import { z } from 'zod'

/** By shape, not by class: errors of Node's own sockets may come from another realm. */
const failure = z.object({ message: z.string(), code: z.coerce.string().optional() })

/** PostgreSQL's and Redis' ways of saying "not now": the caller should come back, nothing was lost. */
export function isOutage(error: unknown): boolean {
  const parsed = failure.safeParse(error)
  if (!parsed.success) return false
  const { code = '', message } = parsed.data
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|57P0[0-9]|53[0-9]{3}|08[0-9]{3}|40001|40P01)$/.test(code) ||
    /Timeout acquiring a connection|Connection terminated|Connection is closed|max retries per request|Command timed out|the database system is|Unable to acquire a connection/i.test(
      message,
    )
  )
}
