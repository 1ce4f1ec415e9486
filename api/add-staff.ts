/** Entry `npm run add-staff -- --username li.na --name 李娜 --role agent`: a member of staff, with a password that is shown once. */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ROLES } from './contract/identity.ts'
import { safeText } from './contract/message.ts'
import { readConfig } from './core/config.ts'
import { inTransaction, SYSTEM } from './core/context.ts'
import { createStaff } from './modules/identity/index.ts'
import { withApp } from './with-app.ts'

const options = { username: { type: 'string' }, name: { type: 'string' }, role: { type: 'string', default: 'agent' } } as const
const person = z.object({ username: safeText(64, 1), name: safeText(60, 1), role: z.enum(ROLES) })

try {
  const input = person.parse(parseArgs({ options }).values)
  const password = randomBytes(12).toString('base64url')
  await withApp(readConfig(process.env), (app) => inTransaction(app, SYSTEM, (ctx) => createStaff(ctx, { ...input, password })))
  process.stdout.write(`${input.role} ${input.username}, password ${password}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n`)
  process.exit(1)
}
