import type { App } from '../../core/app.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Teams this member of staff belongs to now; for the data scope `team`. */
    'actor.teams'?: (app: App, accountId: string) => Promise<string[]>
  }
}

/** Ids of his teams; none where no module knows teams. */
export async function teamsOf(app: App, accountId: string): Promise<string[]> {
  const found = await Promise.all(app.hooks.all('actor.teams').map((hook) => hook(app, accountId)))
  return [...new Set(found.flat())]
}
