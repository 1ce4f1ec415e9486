/** Finds the channels on disk: each folder of `adapters/` with an `index` is one. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ChannelAdapter } from '#adapters/contract/index.ts'
import { codeRoot } from '#api/core/places.ts'

export type Adapters = ReadonlyMap<string, ChannelAdapter>

/** What all adapters share, not a channel. */
const NOT_CHANNELS = new Set(['contract', 'testing'])

/** @throws Error when two folders claim the same kind, or one exports no adapter */
export async function discoverAdapters(directory = path.join(codeRoot, 'adapters')): Promise<Adapters> {
  const adapters = new Map<string, ChannelAdapter>()
  for (const folder of readdirSync(directory).sort()) {
    const file = ['index.ts', 'index.js'].map((name) => path.join(directory, folder, name)).find((candidate) => existsSync(candidate))
    if (NOT_CHANNELS.has(folder) || !file) continue
    const loaded: unknown = await import(pathToFileURL(file).href)
    if (!exportsAdapter(loaded)) throw new Error(`adapters/${folder} exports no adapter as default`)
    const adapter = loaded.default
    if (adapters.has(adapter.kind)) throw new Error(`two adapters of kind ${adapter.kind}`)
    adapters.set(adapter.kind, adapter)
  }
  return adapters
}

function exportsAdapter(loaded: unknown): loaded is { default: ChannelAdapter } {
  if (typeof loaded !== 'object' || loaded === null || !('default' in loaded)) return false
  const adapter = loaded.default
  return typeof adapter === 'object' && adapter !== null && ['kind', 'configSchema', 'capabilities', 'send'].every((key) => key in adapter)
}
