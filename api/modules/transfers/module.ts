import type { ModuleDefinition } from '../../core/modules.ts'
import { cleanUp } from './clean-up.ts'
import { routes } from './routes.ts'
import { IMPORT_DUE, runImports } from './work.ts'

const definition: ModuleDefinition = {
  name: 'transfers',
  after: ['audit', 'settings', 'identity', 'customers', 'segments'],
  routes,
  listeners: [
    {
      name: 'transfers.run-imports',
      on: [IMPORT_DUE],
      handle: (ctx) => {
        ctx.afterCommit(() => runImports(ctx.app))
        return Promise.resolve()
      },
    },
  ],
  schedules: [
    // Takes over from a process that died over an import.
    { name: 'transfers.run-imports', everySeconds: 30, run: runImports },
    { name: 'transfers.clean-up', everySeconds: 3600, run: cleanUp },
  ],
}
export default definition
