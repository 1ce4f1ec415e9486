/** The words in force, built once for a version and shared by all of the process. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { ModerationAction } from '../../contract/moderation.ts'
import { INBOUND_ACTIONS, OUTBOUND_ACTIONS } from '../../contract/moderation.ts'
import type { App } from '../../core/app.ts'
import type { Ctx } from '../../core/context.ts'
import { createMatcher, type Matcher } from './matcher.ts'

export interface Entry {
  word: string
  lists: { name: string; action: ModerationAction }[]
}
export interface Dictionary {
  match: Matcher
  entries: readonly Entry[]
}
export interface Lexicon {
  version: string
  /** Null: nothing is looked for in this direction. */
  inbound: Dictionary | null
  outbound: Dictionary | null
}

const wordRows = z.array(
  z.object({
    word: z.string(),
    pattern: z.string(),
    name: z.string(),
    inbound_action: z.enum(INBOUND_ACTIONS).nullable(),
    outbound_action: z.enum(OUTBOUND_ACTIONS).nullable(),
  }),
)
type WordRow = z.infer<typeof wordRows>[number]

export function buildDictionary(rows: readonly WordRow[], actionOf: (row: WordRow) => ModerationAction | null): Dictionary | null {
  const byPattern = new Map<string, Entry>()
  for (const row of rows) {
    const action = actionOf(row)
    if (action === null) continue
    const entry = byPattern.get(row.pattern) ?? { word: row.word, lists: [] }
    entry.lists.push({ name: row.name, action })
    byPattern.set(row.pattern, entry)
  }
  return byPattern.size === 0 ? null : { match: createMatcher([...byPattern.keys()]), entries: [...byPattern.values()] }
}

async function load(trx: Knex, version: string): Promise<Lexicon> {
  const rows = wordRows.parse(
    await trx('moderation_words as w')
      .join('moderation_lists as l', 'l.id', 'w.list_id')
      .where('l.enabled', true)
      .select('w.word', 'w.pattern', 'l.name', 'l.inbound_action', 'l.outbound_action')
      .orderBy(['l.name', 'w.pattern']),
  )
  return {
    version,
    inbound: buildDictionary(rows, (row) => row.inbound_action),
    outbound: buildDictionary(rows, (row) => row.outbound_action),
  }
}

const versions = z.array(z.object({ version: z.string() }))
const CACHE_MS = 2000
const caches = new WeakMap<App, { until: number; lexicon: Promise<Lexicon> }>()

/**
 * Looks for a newer version at most every two seconds; the words are read and built only when there is one. Asked over the caller's own connection: a
 * burst that fills the pool must not wait for one more.
 */
export function lexiconOf({ app, trx }: Pick<Ctx, 'app' | 'trx'>): Promise<Lexicon> {
  const known = caches.get(app)
  if (known && known.until > Date.now()) return known.lexicon
  const lexicon = refresh(trx, known?.lexicon)
  caches.set(app, { until: Date.now() + CACHE_MS, lexicon })
  lexicon.catch(() => caches.delete(app))
  return lexicon
}

async function refresh(trx: Knex, before: Promise<Lexicon> | undefined): Promise<Lexicon> {
  const [state] = versions.parse(await trx('moderation_state').select(trx.raw('version::text as version')))
  const known = await before?.catch(() => undefined)
  const version = state?.version ?? '0'
  return known?.version === version ? known : load(trx, version)
}

/** What this process changed holds at once. */
export const forgetLexicon = (app: App): void => {
  const known = caches.get(app)
  if (known) known.until = 0
}
