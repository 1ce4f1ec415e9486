import type { App } from '../../core/app.ts'
import type { Refusal } from '../../core/http/refusals.ts'
import { writeLines } from './record.ts'

/** Lines about what was refused; the server gathers them, nobody waits. */
export async function recordRefusals(app: App, refusals: readonly Refusal[]): Promise<void> {
  const now = await app.clock.now(app.db)
  await writeLines(
    app.db,
    now,
    refusals.map(({ actor, source, route, ids, code, status, times }) => ({
      actor,
      source,
      action: 'access.refused',
      object: { kind: 'route', id: route, label: null },
      context: { code, status, ...(times > 1 ? { times } : {}), ...(Object.keys(ids).length > 0 ? { ids } : {}) },
    })),
  )
}
