/** Group commit in its barest form: one connection writes all that arrived while its last statement was under way. */
import pg from 'pg'
import type { Incoming } from './incoming.ts'

const MAX_BATCH = 500

export interface GroupCommit {
  /** Resolves once the message is committed. */
  write(message: Incoming): Promise<void>
  close(): Promise<void>
}

interface Entry {
  message: Incoming
  resolve(): void
  reject(error: unknown): void
}

/**
 * @param sql takes the arrays of conversations, ids and texts; returns `ext_id` and `id` of each new row
 * @param committed called for each new message before its writer is told
 */
export async function openGroupCommit(
  databaseUrl: string,
  sql: string,
  committed: (message: Incoming, rowId: string) => void,
): Promise<GroupCommit> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  let waiting: Entry[] = []
  let busy = false

  const flush = async () => {
    if (busy) return
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH)
      waiting = waiting.slice(MAX_BATCH)
      try {
        const { rows } = await client.query<{ ext_id: string; id: string }>({
          name: 'write',
          text: sql,
          values: [
            batch.map(({ message }) => message.conversation),
            batch.map(({ message }) => message.id),
            batch.map(({ message }) => message.text),
          ],
        })
        const written = new Map(rows.map((row) => [row.ext_id, row.id]))
        for (const { message, resolve } of batch) {
          const rowId = written.get(message.id)
          if (rowId !== undefined) committed(message, rowId)
          resolve()
        }
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    busy = false
  }
  return {
    write: (message) =>
      new Promise((resolve, reject) => {
        waiting.push({ message, resolve, reject })
        if (waiting.length === 1) setImmediate(() => void flush())
      }),
    close: () => client.end(),
  }
}
