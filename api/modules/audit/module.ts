import type { App } from '../../core/app.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import type { ModuleDefinition } from '../../core/modules.ts'
import { linkEntries, verifyChain } from './chain.ts'
import './hooks.ts'
import { recordRefusals } from './refusals.ts'
import { routes } from './routes.ts'

/** The log lies elsewhere than the database: its line is the note that a later check is held against. */
async function checkChain(app: App): Promise<void> {
  const verdict = await verifyChain(app.db)
  const { position, digest } = verdict.head
  if (verdict.broken === null) return app.log.info({ position, digest }, 'audit.chain_intact')
  app.log.error({ head: { position, digest }, ...verdict.broken }, 'audit.chain_broken')
  await inTransaction(app, SYSTEM, async (ctx) => {
    for (const hear of app.hooks.all('audit.broken')) await hear(ctx, verdict)
  })
}

const definition: ModuleDefinition = {
  name: 'audit',
  after: [],
  routes,
  hooks: { 'access.refused': recordRefusals },
  schedules: [
    { name: 'audit.link-entries', everySeconds: 5, run: async (app) => void (await linkEntries(app)) },
    { name: 'audit.check-chain', everySeconds: 86_400, run: checkChain },
  ],
}
export default definition
