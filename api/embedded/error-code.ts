/** The system's short name of an error (`EEXIST`, `EADDRINUSE`, …). Not by `instanceof`: errors of the system may come from another realm. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
