/** PostgreSQL's and Redis' ways of saying "not now": the caller should come back, nothing was lost. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|57P0[0-9]|53[0-9]{3}|08[0-9]{3}|40001|40P01)$/.test(code) ||
    /Timeout acquiring a connection|Connection terminated|Connection is closed|max retries per request|the database system is|Unable to acquire a connection/i.test(
      error.message,
    )
  )
}
