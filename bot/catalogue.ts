/** What the core may know of the channels: their settings as JSON Schema, which of them are secret, their limits. */
import { z } from 'zod'
import { SignatureInvalid, type ChannelAdapter } from '#adapters/contract/index.ts'
import type { CatalogueEntry, ChannelCatalogue } from '#api/core/catalogue.ts'
import type { Adapters } from './discover.ts'

export function createCatalogue(adapters: Adapters): ChannelCatalogue {
  const entries = new Map([...adapters].map(([kind, adapter]) => [kind, entryOf(adapter)]))
  return { kinds: () => [...entries.values()], get: (kind) => entries.get(kind) }
}

const settings = z.record(z.string(), z.unknown())
const objectSchema = z.looseObject({ properties: z.record(z.string(), z.looseObject({ writeOnly: z.boolean().optional() })) })

function entryOf(adapter: ChannelAdapter): CatalogueEntry {
  const configSchema = settingsSchema(adapter)
  const { properties } = objectSchema.parse(configSchema)
  return {
    kind: adapter.kind,
    label: adapter.label,
    configSchema,
    capabilities: adapter.capabilities,
    features: [
      ...(adapter.test ? (['test'] as const) : []),
      ...(adapter.createQrCode ? (['qr_codes'] as const) : []),
      ...(adapter.writeMenu ? (['menu'] as const) : []),
    ],
    receivesCallbacks: adapter.verify !== undefined,
    secrets: Object.keys(properties).filter((name) => properties[name]?.writeOnly === true),
    parseConfig: (config) => parseConfig(adapter, Object.keys(properties), config),
    ...(adapter.identify ? { identify: identifierOf(adapter) } : {}),
  }
}

/** Labels in two languages are no JSON Schema titles: they stand beside as `x-title` and `x-description`. */
function settingsSchema(adapter: ChannelAdapter): Record<string, unknown> {
  const schema = z.toJSONSchema(adapter.configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      for (const key of ['title', 'description'] as const) {
        const label: unknown = jsonSchema[key]
        if (typeof label !== 'object') continue
        jsonSchema[`x-${key}`] = label
        Reflect.deleteProperty(jsonSchema, key)
      }
      if (jsonSchema['secret'] === true) jsonSchema.writeOnly = true
      delete jsonSchema['secret']
    },
  })
  return settings.parse(schema)
}

function parseConfig(
  adapter: ChannelAdapter,
  known: readonly string[],
  config: Record<string, unknown>,
): ReturnType<CatalogueEntry['parseConfig']> {
  const unknown = Object.keys(config).filter((field) => !known.includes(field))
  const parsed = adapter.configSchema.safeParse(config)
  const faults = [
    ...unknown.map((field) => ({ field, message: 'unknown_field' })),
    ...(parsed.error?.issues ?? []).filter(({ code }) => code !== 'unrecognized_keys').map((issue) => faultOf(issue, config)),
  ]
  return parsed.success && faults.length === 0 ? { config: settings.parse(parsed.data) } : { faults }
}

function faultOf(issue: z.core.$ZodIssue, config: Record<string, unknown>): { field: string; message: string } {
  const [first] = issue.path
  const missing = issue.code === 'invalid_type' && issue.path.length === 1 && config[String(first)] === undefined
  return { field: issue.path.join('.'), message: missing ? 'required' : issue.message }
}

function identifierOf(adapter: ChannelAdapter): NonNullable<CatalogueEntry['identify']> {
  return (account, claim, now) => {
    try {
      const config = adapter.configSchema.parse(account.config)
      return adapter.identify?.({ id: account.id, kind: adapter.kind, config }, claim, now) ?? null
    } catch (error) {
      if (error instanceof SignatureInvalid) return null
      throw error
    }
  }
}
