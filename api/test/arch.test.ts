/** The import rules are only worth something if they see a breach: plant one of each in a small tree and expect it by name. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { codeRoot } from '../core/places.ts'

const moduleFile = (name: string, after: string[]) =>
  `export default { name: '${name}', after: [${after.map((lower) => `'${lower}'`).join(', ')}] }\n`

const sound = {
  'package.json': JSON.stringify({ type: 'module', imports: { '#api/*': './api/*', '#adapters/*': './adapters/*', '#bot/*': './bot/*' } }),
  'api/contract/message.ts': `import { z } from 'zod'\nexport const schema = z.string()\nexport type Message = string\n`,
  'api/core/clock.ts': `export const clock = 1\n`,
  'api/modules/customers/module.ts': moduleFile('customers', []),
  'api/modules/customers/index.ts': `export { model } from './model.ts'\n`,
  'api/modules/customers/model.ts': `export const model = 1\n`,
  'api/modules/tickets/module.ts': moduleFile('tickets', ['customers']),
  'api/modules/tickets/index.ts': `export const tickets = 1\n`,
  'api/modules/tickets/open-ticket.ts': `import '../../core/clock.ts'\nimport '../customers/index.ts'\n`,
  'api/start.ts': `import './core/clock.ts'\n`,
  'adapters/contract/index.ts': `export const contract = 1\n`,
  'adapters/sms/index.ts': `import '../contract/index.ts'\nimport '#api/contract/message.ts'\n`,
  'adapters/sms/simulator/index.ts': `export const simulator = 1\n`,
  'adapters/sms/client/page.ts': `export const page = 1\n`,
  'adapters/mail/index.ts': `export const mail = 1\n`,
  'bot/gateway/receive.ts': `import '#adapters/sms/index.ts'\nimport '#api/modules/tickets/index.ts'\n`,
  'admin/src/features/tickets/list.ts': `import type { Message } from '#api/contract/message.ts'\nexport type Row = Message\n`,
  'admin/src/features/teams/list.ts': `export const teams = 1\n`,
  'migrations/20260101000000_create_nothing.ts': `export const up = 1\n`,
}

/** rule that must speak up → [file, what it wrongly says] */
const breaches: Record<string, [file: string, source: string]> = {
  core: ['api/core/breach.ts', `import '../modules/tickets/index.ts'\n`],
  contract: ['api/contract/breach.ts', `import '../core/clock.ts'\n`],
  'module-customers': ['api/modules/customers/breach.ts', `import '../tickets/index.ts'\n`],
  'module-tickets': ['api/modules/tickets/breach.ts', `import '../customers/model.ts'\n`],
  adapter: ['adapters/sms/breach.ts', `import '../mail/index.ts'\n`],
  'adapter-contract': ['adapters/contract/breach.ts', `import '../mail/index.ts'\n`],
  'servers-without-pages': ['adapters/sms/page.ts', `import './client/page.ts'\n`],
  'product-without-simulators': ['bot/gateway/breach.ts', `import '#adapters/sms/simulator/index.ts'\n`],
  bot: ['bot/gateway/breach-module.ts', `import '#api/modules/customers/model.ts'\n`],
  'features-apart': ['admin/src/features/tickets/breach.ts', `import '../teams/list.ts'\n`],
  'clients-take-types': [
    'admin/src/features/tickets/schema.ts',
    `import { schema } from '#api/contract/message.ts'\nexport const used = schema\n`,
  ],
  migrations: ['migrations/20260101000001_breach.ts', `import '../api/core/clock.ts'\n`],
  'nobody-imports-roots': ['bot/breach.ts', `import '#api/start.ts'\n`],
  'no-cycle': ['adapters/mail/breach.ts', `import './breach.ts'\n`],
  unresolved: ['jobs/breach.ts', `import './missing.ts'\n`],
}

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lianke-arch-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function plant(files: Record<string, string>): void {
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), source)
  }
}

async function violations(): Promise<string[]> {
  const cli = join(codeRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [
    cli,
    '--config',
    join(codeRoot, '.dependency-cruiser.mjs'),
    '--output-type',
    'json',
    'api',
    'adapters',
    'bot',
    'jobs',
    'admin',
    'migrations',
  ]
  const env = { ...process.env, NODE_OPTIONS: '', LIANKE_ARCH_ROOT: root }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env, maxBuffer: 1e8 }).catch(
    (error: unknown) => error as { stdout: string },
  )
  const { summary } = JSON.parse(stdout) as { summary: { violations: Array<{ from: string; rule: { name: string } }> } }
  return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`)
}

test('a sound tree has nothing to complain about', async () => {
  plant({ ...sound, 'jobs/start.ts': `import '../bot/gateway/receive.ts'\n` })
  expect(await violations()).toEqual([])
})

test('every planted breach is named by its rule and file', async () => {
  plant({ ...sound, ...Object.fromEntries(Object.values(breaches)) })
  const named = await violations()
  for (const [rule, [file]] of Object.entries(breaches)) expect(named).toContain(`${rule}: ${file}`)
})
