/**
 * Entry `npm run rotate-secrets`, `node api/rotate-secrets.js`: seals the secrets of channels and of signing in under the first key of SECRET_KEYS. After it
 * the older keys can go. Run it when every process has the new key; running it again changes nothing.
 */
import { ConfigurationError, readConfig } from './core/config.ts'
import { inTransaction, SYSTEM } from './core/context.ts'
import { rotateSecrets } from './modules/channels/index.ts'
import { rotateLoginSecrets } from './modules/identity/index.ts'
import { withApp } from './with-app.ts'

try {
  const config = readConfig(process.env)
  const changed = await withApp(config, (app) =>
    inTransaction(app, SYSTEM, async (ctx) => ({ channels: await rotateSecrets(ctx), login: await rotateLoginSecrets(ctx) })),
  )
  process.stdout.write(
    `sealed under key "${config.secretKeys[0]?.id ?? ''}": ${changed.channels} channel account(s), ${changed.login} secret(s) of signing in\n`,
  )
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`)
  process.exit(1)
}
