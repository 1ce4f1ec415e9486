import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { ConfigurationError, readConfig } from './config.ts'

const servers = { DATABASE_URL: 'postgres://localhost/lianke', REDIS_URL: 'redis://localhost' }
const production = {
  ...servers,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://service.example.com/',
  SIGNING_SECRET: randomBytes(36).toString('base64'),
  SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
}
const faultsOf = (env: Record<string, string>) => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return error instanceof ConfigurationError ? error.message.split('\n') : [String(error)]
  }
}

test('development needs the two servers and nothing else', () => {
  expect(faultsOf(servers)).toEqual([])
  expect(faultsOf({})).toEqual([expect.stringContaining('DATABASE_URL'), expect.stringContaining('REDIS_URL')])
})

test('production with everything of its own is accepted, addresses without a slash at the end', () => {
  expect(readConfig(production).publicUrl).toBe('https://service.example.com')
})

test.each([
  ['the default signing secret', { SIGNING_SECRET: '' }, 'SIGNING_SECRET'],
  ['the development key', { SECRET_KEYS: '' }, 'SECRET_KEYS'],
  ['no public address', { PUBLIC_URL: '' }, 'PUBLIC_URL'],
  ['a simulator', { WX_API_BASE: 'http://127.0.0.1:3000/simulator/wechat' }, 'WX_API_BASE'],
  ['a platform without TLS', { WECOM_API_BASE: 'http://proxy.example.com' }, 'WECOM_API_BASE'],
])('production refuses %s and says which variable it is', (_what, change, variable) => {
  expect(faultsOf({ ...production, ...change })).toEqual([expect.stringContaining(variable)])
})

test('a base on this machine is for development', () => {
  expect(readConfig({ ...servers, WX_API_BASE: 'http://127.0.0.1:9/wx/' }).bases.wxApi).toBe('http://127.0.0.1:9/wx')
})

test('a key of the wrong length and an S3 store without its bucket are named', () => {
  expect(faultsOf({ ...servers, SECRET_KEYS: 'k1:c2hvcnQ=' })).toEqual([expect.stringContaining('k1')])
  expect(faultsOf({ ...servers, STORAGE: 's3' })).toEqual([expect.stringContaining('S3_BUCKET')])
})
