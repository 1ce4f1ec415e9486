/** What operators look at: liveness, readiness by part, metrics. */
import type { Server } from '@hapi/hapi'
import type { App } from '../app.ts'
import type { Role } from './server.ts'

type Part = { ok: boolean; error?: string }

async function probe(check: () => Promise<unknown>): Promise<Part> {
  try {
    await Promise.race([check(), new Promise((_resolve, reject) => setTimeout(() => reject(new Error('no answer in 2 s')), 2000).unref())])
    return { ok: true }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message.slice(0, 200) : 'failed' }
  }
}

export function registerOperations(server: Server, app: App, roles: ReadonlySet<Role>): void {
  server.route({ method: 'GET', path: '/healthz', handler: () => ({ data: { alive: true } }) })
  server.route({
    method: 'GET',
    path: '/readyz',
    handler: async (_request, h) => {
      const [database, redis, storage] = await Promise.all([
        probe(() => app.db.raw('select 1')),
        probe(() => app.redis.ping()),
        probe(() => app.storage.check()),
      ])
      const parts = { database, redis, storage }
      const ready = Object.values(parts).every(({ ok }) => ok)
      return h.response({ data: { ready, roles: [...roles], parts } }).code(ready ? 200 : 503)
    },
  })
  server.route({
    method: 'GET',
    path: '/metrics',
    handler: async (_request, h) => h.response(await app.metrics.registry.metrics()).type(app.metrics.registry.contentType),
  })
}
