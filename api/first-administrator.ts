/** The first administrator of an empty installation, as ADMIN_USERNAME and ADMIN_PASSWORD name him. */
import type { Config } from './core/config.ts'
import { inTransaction, SYSTEM } from './core/context.ts'
import { createFirstAdministrator as create } from './modules/identity/index.ts'
import { withApp } from './with-app.ts'

/** @returns false when none is named, or when there is staff already: nothing was done then */
export async function createFirstAdministrator(config: Config): Promise<boolean> {
  const { firstAdministrator } = config
  return firstAdministrator !== null && withApp(config, (app) => inTransaction(app, SYSTEM, (ctx) => create(ctx, firstAdministrator)))
}
