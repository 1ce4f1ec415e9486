/** Longer than any batch takes; the import of a worker that died is taken over after it. */
export const LEASE = '2 minutes'
