/** An account's settings: public ones as JSON, secrets sealed together in one value bound to the account. */
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import type { CatalogueEntry } from '../../core/catalogue.ts'
import { Invalid, NotFound } from '../../core/errors.ts'
import { ChannelAccountRow } from './model.ts'

const secretsSchema = z.record(z.string(), z.unknown())

export function sealSettings(
  app: App,
  entry: CatalogueEntry,
  accountId: string,
  config: Record<string, unknown>,
): { config: Record<string, unknown>; sealed_secrets: string } {
  const parsed = entry.parseConfig(config)
  if ('faults' in parsed)
    throw new Invalid('channel_config_invalid', 'the settings do not fit this kind of channel', { faults: parsed.faults })
  const isSecret = ([name]: [string, unknown]) => entry.secrets.includes(name)
  const fields = Object.entries(parsed.config)
  return {
    config: Object.fromEntries(fields.filter((field) => !isSecret(field))),
    sealed_secrets: app.secrets.seal(JSON.stringify(Object.fromEntries(fields.filter(isSecret))), accountId),
  }
}

/** Public settings and secrets together. Only for channels' own code; never presented. */
export function openSettings(app: App, row: ChannelAccountRow): Record<string, unknown> {
  return { ...row.config, ...secretsSchema.parse(JSON.parse(app.secrets.open(row.sealed_secrets, row.id))) }
}

export function kindOf(app: App, kind: string): CatalogueEntry {
  const entry = app.catalogue.get(kind)
  if (!entry) throw new Invalid('channel_kind_unknown', 'no such kind of channel', { kind })
  return entry
}

export interface OpenAccount {
  id: string
  kind: string
  name: string
  active: boolean
  showAgentName: boolean
  config: Record<string, unknown>
}

const CACHE_MS = 2000

/** Accounts for the callback path, remembered for two seconds: a burst costs one query, a change is seen at once enough. */
function createAccountCache(app: App) {
  const cache = new Map<string, { until: number; account: Promise<OpenAccount | null> }>()
  const load = async (id: string): Promise<OpenAccount | null> => {
    const row = await ChannelAccountRow.query(app.db).findById(id)
    return row
      ? {
          id: row.id,
          kind: row.kind,
          name: row.name,
          active: row.status === 'active',
          showAgentName: row.show_agent_name,
          config: openSettings(app, row),
        }
      : null
  }
  return {
    /** @throws NotFound */
    async get(id: string): Promise<OpenAccount> {
      const now = Date.now()
      let entry = cache.get(id)
      if (!entry || entry.until < now) {
        if (cache.size > 1000) cache.clear()
        entry = { until: now + CACHE_MS, account: load(id) }
        cache.set(id, entry)
        entry.account.catch(() => cache.delete(id))
      }
      const account = await entry.account
      if (!account) {
        cache.delete(id)
        throw new NotFound('channel account')
      }
      return account
    },
  }
}
export type AccountCache = ReturnType<typeof createAccountCache>

const caches = new WeakMap<App, AccountCache>()

/** The one cache of this process. */
export function accountsOf(app: App): AccountCache {
  const known = caches.get(app) ?? createAccountCache(app)
  caches.set(app, known)
  return known
}
