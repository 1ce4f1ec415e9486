/** What `npm start` was asked for: command line, `.env` and environment. */
import { existsSync, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, ConfigurationError, readConfig } from '#api/core/config.ts'
import { ownSecrets } from './own-secrets.ts'

export const help = `连客 Lianke

  npm start                 启动全部服务 · everything in one process, with demo data on the first start
  npm start -- --empty      不导入演示数据 · without demo data
  npm start -- --no-workbench   不构建工作台 · leave the workbench to Vite (npm run dev)
  npm start -- --help

  PORT=3000 HOST=127.0.0.1 DATA_DIR=./data
  DATABASE_URL, REDIS_URL   用自己的数据库 · your own servers instead of the embedded ones
  DEMO=0                    同 --empty · same as --empty
  ADMIN_USERNAME, ADMIN_PASSWORD   首个管理员 · the first administrator of an empty installation

  其余变量见 .env.example · all variables: .env.example
`

export interface Settings {
  /** Complete but for the addresses of embedded servers. */
  config: Config
  databaseUrl: string | undefined
  databaseOwnerUrl: string | undefined
  redisUrl: string | undefined
  demo: boolean
  /** Page sets to build; all when undefined. */
  pages: RegExp | undefined
}

/**
 * @returns 'help' when that was asked for
 * @throws ConfigurationError with one line per fault
 */
export function readSettings(args: string[]): Settings | 'help' {
  const flags = readFlags(args)
  if (flags.help) return 'help'
  if (existsSync('.env')) process.loadEnvFile('.env') // what is already set wins
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
  const dataDir = resolve(env['DATA_DIR'] ?? './data')
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  const embedded = { DATABASE_URL: 'postgres://embedded', REDIS_URL: 'redis://embedded', LOG_LEVEL: 'warn', ...ownSecrets(dataDir) }
  const config = readConfig({ ...embedded, ...env, DATA_DIR: dataDir })
  const demo = !flags.empty && env['DEMO'] !== '0' && !config.production
  if (demo && !isLoopback(config.host)) {
    throw new ConfigurationError(
      `HOST=${config.host}: the demo passwords are public, so the demo listens on 127.0.0.1 only; set DEMO=0 to open it`,
    )
  }
  return {
    config,
    databaseUrl: env['DATABASE_URL'],
    databaseOwnerUrl: env['DATABASE_OWNER_URL'],
    redisUrl: env['REDIS_URL'],
    demo,
    pages: flags['no-workbench'] ? /^(?!admin$)/ : undefined,
  }
}

function readFlags(args: string[]) {
  const options = { empty: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, 'no-workbench': { type: 'boolean' } } as const
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : String(error))
  }
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.')
