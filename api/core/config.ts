/** Configuration: the environment, read once, validated, explained in `.env.example`. */
import { z } from 'zod'

const DEVELOPMENT_SECRET = 'development-only-secret-that-production-refuses'
const DEVELOPMENT_KEY = 'dev:' + Buffer.alloc(32, 7).toString('base64')

const flag = z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true')
const base = (fallback: string) =>
  z
    .url({ protocol: /^https?$/ })
    .default(fallback)
    .transform((url) => url.replace(/\/+$/, ''))
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )

/** `id:base64,id:base64` – the first encrypts, all decrypt, so that keys can be rotated. */
const keyRing = z
  .string()
  .default(DEVELOPMENT_KEY)
  .transform((text, issues) => {
    const keys = text.split(',').map((entry) => {
      const [id = '', encoded = ''] = entry.trim().split(':')
      return { id, key: Buffer.from(encoded, 'base64') }
    })
    const bad = keys.find(({ id, key }) => !/^[a-z0-9_-]{1,20}$/i.test(id) || key.length !== 32)
    if (bad) issues.addIssue(`key "${bad.id}" must be id:base64 of exactly 32 bytes`)
    return keys
  })

const environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z.string().min(1),
  DATABASE_OWNER_URL: z.string().min(1).optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(20),
  REDIS_URL: z.string().min(1),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/i)
    .default('lianke'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRUSTED_PROXIES: list,
  FILES_ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
  SIGNING_SECRET: z.string().min(32, 'at least 32 characters').default(DEVELOPMENT_SECRET),
  SECRET_KEYS: keyRing,
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  WX_API_BASE: base('https://api.weixin.qq.com'),
  WX_MP_BASE: base('https://mp.weixin.qq.com'),
  WX_OPEN_BASE: base('https://open.weixin.qq.com'),
  WECOM_API_BASE: base('https://qyapi.weixin.qq.com'),
  STORAGE: z.enum(['disk', 's3']).default('disk'),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_FORCE_PATH_STYLE: flag.default(true),
  ADMIN_USERNAME: z.string().optional(),
  ADMIN_PASSWORD: z.string().optional(),
})

export class ConfigurationError extends Error {}

const isLoopback = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)

function productionFaults(env: z.infer<typeof environment>): string[] {
  const faults: string[] = []
  if (env.SIGNING_SECRET === DEVELOPMENT_SECRET)
    faults.push('SIGNING_SECRET: the development default is refused; set your own (openssl rand -base64 48)')
  if (env.SECRET_KEYS.some(({ id }) => id === 'dev'))
    faults.push('SECRET_KEYS: the development key is refused; set k1:$(openssl rand -base64 32)')
  if (!env.PUBLIC_URL) faults.push('PUBLIC_URL: needed, for links, callbacks and the origin check')
  for (const name of ['WX_API_BASE', 'WX_MP_BASE', 'WX_OPEN_BASE', 'WECOM_API_BASE'] as const) {
    if (!env[name].startsWith('https://')) faults.push(`${name}: must be https`)
    else if (isLoopback(env[name])) faults.push(`${name}: a simulator address is refused`)
  }
  return faults
}

type Environment = z.infer<typeof environment>

function storageOf(env: Environment) {
  if (env.STORAGE === 'disk') return { kind: 'disk' as const }
  return {
    kind: 's3' as const,
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    bucket: env.S3_BUCKET ?? '',
    accessKeyId: env.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? '',
    forcePathStyle: env.S3_FORCE_PATH_STYLE,
  }
}

const firstAdministratorOf = ({ ADMIN_USERNAME: username, ADMIN_PASSWORD: password }: Environment) =>
  username && password ? { username, password } : null

function storageFaults(env: Environment): string[] {
  const complete = env.S3_BUCKET && env.S3_ACCESS_KEY_ID && env.S3_SECRET_ACCESS_KEY
  return env.STORAGE === 's3' && !complete ? ['STORAGE=s3 needs S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY'] : []
}

/**
 * @param source usually `process.env`
 * @throws ConfigurationError with one line per fault
 */
export function readConfig(source: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    throw new ConfigurationError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const env = parsed.data
  const faults = [...(env.NODE_ENV === 'production' ? productionFaults(env) : []), ...storageFaults(env)]
  if (faults.length > 0) throw new ConfigurationError(faults.join('\n'))
  return {
    production: env.NODE_ENV === 'production',
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    /** Migrates; the product itself never uses it. */
    databaseOwnerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    redisUrl: env.REDIS_URL,
    redisPrefix: env.REDIS_PREFIX,
    publicUrl: (env.PUBLIC_URL ?? `http://${env.HOST === '0.0.0.0' ? 'localhost' : env.HOST}:${env.PORT}`).replace(/\/+$/, ''),
    trustedProxies: env.TRUSTED_PROXIES,
    filesOrigin: env.FILES_ORIGIN?.replace(/\/+$/, '') ?? null,
    signingSecret: env.SIGNING_SECRET,
    secretKeys: env.SECRET_KEYS,
    logLevel: env.LOG_LEVEL,
    bases: { wxApi: env.WX_API_BASE, wxMp: env.WX_MP_BASE, wxOpen: env.WX_OPEN_BASE, wecomApi: env.WECOM_API_BASE },
    storage: storageOf(env),
    firstAdministrator: firstAdministratorOf(env),
  }
}
export type Config = ReturnType<typeof readConfig>
