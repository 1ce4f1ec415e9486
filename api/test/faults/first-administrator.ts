import { createApp } from '../../core/app.ts'
import { readConfig } from '../../core/config.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { createFirstAdministrator } from '../../modules/identity/index.ts'

/** The one account of the test, made as an empty installation makes it. */
export async function firstAdministrator(env: Record<string, string>, credentials: { username: string; password: string }): Promise<void> {
  const app = await createApp({ config: readConfig(env), catalogue: { kinds: () => [], get: () => undefined } })
  await inTransaction(app, SYSTEM, (ctx) => createFirstAdministrator(ctx, credentials))
  await app.close()
}
