import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readSettings, type Settings } from './settings.ts'

let folder: string
const before = { ...process.env }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianke-settings-'))
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'HOST', 'PORT', 'DEMO', 'SIGNING_SECRET', 'SECRET_KEYS'])
    Reflect.deleteProperty(process.env, name)
  Object.assign(process.env, { DATA_DIR: join(folder, 'data'), NODE_ENV: 'development' })
})
afterEach(() => {
  Object.assign(process.env, before)
  rmSync(folder, { recursive: true, force: true })
})

const read = (...args: string[]) => readSettings(args) as Settings

test('without a single variable it is a demo on 127.0.0.1:3000 with servers of its own', () => {
  const settings = read()
  expect(settings).toMatchObject({ demo: true, pages: undefined, databaseUrl: undefined, redisUrl: undefined })
  expect(settings.config).toMatchObject({ host: '127.0.0.1', port: 3000, dataDir: join(folder, 'data') })
})

test('the public demo passwords never listen to the network', () => {
  process.env['HOST'] = '0.0.0.0'
  expect(() => read()).toThrow(/demo passwords are public/)
  expect(read('--empty').config.host).toBe('0.0.0.0')
})

test('DEMO=0 and --empty leave the demo out', () => {
  expect(read('--empty').demo).toBe(false)
  process.env['DEMO'] = '0'
  expect(read().demo).toBe(false)
})

test('an installation keeps secrets of its own, readable by its owner alone', () => {
  const { signingSecret } = read().config
  expect(read().config.signingSecret).toBe(signingSecret)
  expect(readFileSync(join(folder, 'data', 'secrets.json'), 'utf8')).toContain(signingSecret)
  expect(statSync(join(folder, 'data', 'secrets.json')).mode & 0o777).toBe(0o600)
})

test('an unknown flag and a wrong port are named', () => {
  expect(() => read('--emtpy')).toThrow(/--emtpy/)
  process.env['PORT'] = 'eighty'
  expect(() => read()).toThrow(/PORT/)
})
