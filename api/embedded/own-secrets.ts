import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const secretsSchema = z.object({ SIGNING_SECRET: z.string(), SECRET_KEYS: z.string() })

/** Random secrets of this installation, made once and kept beside its data (0600): nobody should run on the ones from the source code. */
export function ownSecrets(dataDir: string): z.infer<typeof secretsSchema> {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const secrets = { SIGNING_SECRET: randomBytes(48).toString('base64url'), SECRET_KEYS: `own:${randomBytes(32).toString('base64')}` }
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
