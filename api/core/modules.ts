/** What a business module declares, and how start-up finds it on disk. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { App } from './app.ts'
import type { Listener } from './events/domain-events.ts'
import type { Route } from './http/route.ts'
import type { SocketCommand } from './realtime/commands.ts'

/**
 * Ports by which a lower module lets a higher one take part. The lower module (or the core) declares the signature by
 * augmenting this interface; providers register under the same name in their `module.ts`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface Hooks {}
export type HookName = keyof Hooks

export interface Schedule {
  /** Unique, `module.what-it-does`. */
  name: string
  everySeconds: number
  /** Idempotent; may run in several processes over time, never in two at once for long. */
  run(app: App): Promise<void>
}

export interface ModuleDefinition {
  name: string
  /** Modules whose `index.ts` this one may import; the import rules are generated from it. */
  after: readonly string[]
  routes?: readonly Route[]
  listeners?: readonly Listener[]
  schedules?: readonly Schedule[]
  hooks?: Partial<Hooks>
  socketCommands?: readonly SocketCommand[]
}

const MODULES_DIR = path.join(path.dirname(fileURLToPath(import.meta.url)), '../modules')

const isDefinition = (value: unknown): value is ModuleDefinition =>
  typeof value === 'object' && value !== null && 'name' in value && 'after' in value
const loadedModule = z.object({ default: z.custom<ModuleDefinition>(isDefinition, 'a module.ts without a module definition') })

/** All modules, lower ones first. @throws Error when `after` names an unknown module or makes a cycle */
export async function discoverModules(directory = MODULES_DIR): Promise<ModuleDefinition[]> {
  const names = existsSync(directory) ? readdirSync(directory).sort() : []
  const found = new Map<string, ModuleDefinition>()
  for (const name of names) {
    const file = ['module.ts', 'module.js'].map((base) => path.join(directory, name, base)).find((candidate) => existsSync(candidate))
    if (!file) continue
    const loaded: unknown = await import(pathToFileURL(file).href)
    const definition = loadedModule.parse(loaded).default
    found.set(definition.name, definition)
  }
  return inOrder(found)
}

function inOrder(found: ReadonlyMap<string, ModuleDefinition>): ModuleDefinition[] {
  const done: ModuleDefinition[] = []
  const visit = (name: string, trail: readonly string[]) => {
    const definition = found.get(name)
    if (!definition) throw new Error(`module ${trail.at(-1)} comes after unknown module ${name}`)
    if (trail.includes(name)) throw new Error(`modules form a cycle: ${[...trail, name].join(' → ')}`)
    if (done.includes(definition)) return
    for (const lower of definition.after) visit(lower, [...trail, name])
    done.push(definition)
  }
  for (const name of found.keys()) visit(name, [])
  return done
}

export interface HookRegistry {
  /** Every provider of this port, lower modules first. */
  all<K extends HookName>(name: K): NonNullable<Hooks[K]>[]
  /** The only provider. @throws Error when there is none or more than one */
  only<K extends HookName>(name: K): NonNullable<Hooks[K]>
}

export function createHookRegistry(modules: readonly ModuleDefinition[]): HookRegistry {
  const all = <K extends HookName>(name: K): NonNullable<Hooks[K]>[] =>
    modules.flatMap((definition) => {
      const hook = definition.hooks?.[name]
      return hook ? [hook] : []
    })
  return {
    all,
    only(name) {
      const [hook, second] = all(name)
      if (!hook || second) throw new Error(`port ${name} needs exactly one provider`)
      return hook
    },
  }
}
