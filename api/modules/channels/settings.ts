/** An account's settings: public ones as JSON, secrets sealed together in one value bound to the account. */
import type { Knex } from 'knex'
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

/** Accounts, remembered for two seconds: a burst costs one query, a change is seen at once enough. */
function createAccountCache(app: App) {
  const known = new Map<string, { until: number; account: OpenAccount }>()
  const loading = new Map<string, Promise<OpenAccount | null>>()
  const load = async (id: string, db: Knex): Promise<OpenAccount | null> => {
    const row = await ChannelAccountRow.query(db).findById(id)
    return row ? open(app, row) : null
  }
  /** Callbacks that come together share one look. */
  const loadOnce = (id: string) => {
    const loaded = loading.get(id) ?? load(id, app.db).finally(() => loading.delete(id))
    loading.set(id, loaded)
    return loaded
  }
  return {
    /**
     * @param trx of whoever is inside a transaction: he looks with his own connection and waits for nobody. Were he to wait for another one, as many
     * of them as there are connections would wait for each other.
     * @throws NotFound
     */
    async get(id: string, trx?: Knex): Promise<OpenAccount> {
      const remembered = known.get(id)
      if (remembered && remembered.until >= Date.now()) return remembered.account
      const account = await (trx ? load(id, trx) : loadOnce(id))
      if (!account) throw new NotFound('channel account')
      if (known.size > 1000) known.clear()
      known.set(id, { until: Date.now() + CACHE_MS, account })
      return account
    },
  }
}

const open = (app: App, row: ChannelAccountRow): OpenAccount => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  active: row.status === 'active',
  showAgentName: row.show_agent_name,
  config: openSettings(app, row),
})
export type AccountCache = ReturnType<typeof createAccountCache>

const caches = new WeakMap<App, AccountCache>()

/** The one cache of this process. */
export function accountsOf(app: App): AccountCache {
  const known = caches.get(app) ?? createAccountCache(app)
  caches.set(app, known)
  return known
}
