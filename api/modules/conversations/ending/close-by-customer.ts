/** The customer says that he is done (BP-004.8): by the button of our page, or by writing the agreed words. */
import type { Knex } from 'knex'
import type { App } from '../../../core/app.ts'
import type { MessagePart } from '../../../contract/message.ts'
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { endConversation } from '../close-conversation.ts'
import { ConversationRow } from '../model.ts'
import { sayTemplate } from './auto-text.ts'
import { ConversationRulesRow, rulesFor } from './rules.ts'

/** A second click changes nothing. @throws NotFound for a conversation that is not his */
export async function closeByCustomer(ctx: Ctx<CustomerActor>, conversationId: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ id: conversationId, identity_id: ctx.actor.identityId, kind: 'direct' })
    .forNoKeyUpdate()
  if (!row) throw new NotFound('conversation')
  if (row.status !== 'closed') await endForCustomer(ctx, row)
}

/** As above, by his words; the caller holds the rows' locks. */
export async function closeForCustomers(ctx: Ctx, conversationIds: readonly string[]): Promise<void> {
  const rows = await ConversationRow.query(ctx.trx)
    .whereIn('id', [...conversationIds])
    .whereNot('status', 'closed')
    .orderBy('id')
    .forNoKeyUpdate()
  for (const row of rows) await endForCustomer(ctx, row)
}

async function endForCustomer(ctx: Ctx, row: ConversationRow): Promise<void> {
  const { texts } = await rulesFor(ctx, row)
  await sayTemplate(ctx, row, { key: 'closed', template: texts.customerClosed })
  await endConversation(ctx, row, 'customer')
}

/** Menu option that ends a conversation, for channels that send menus. */
export const CLOSE_OPTION = 'conversation:close'
const LONGEST_WORD = 30
const CACHE_MS = 2000

export type ClosingWords = (channelAccountId: string) => ReadonlySet<string>

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** Pure. Nothing but the agreed words, or the choice of the menu. */
export function asksToClose(parts: readonly MessagePart[], words: ReadonlySet<string>): boolean {
  const [part] = parts
  if (parts.length !== 1 || part?.type !== 'text') return false
  if (part.menuOptionId === CLOSE_OPTION) return true
  return words.size > 0 && part.text.length <= LONGEST_WORD && words.has(plain(part.text))
}

const caches = new WeakMap<App, { until: number; words: Promise<ClosingWords> }>()

/**
 * For the way of every message: remembered for two seconds, so that a burst asks once. Asked over the caller's own connection: a burst that fills the
 * pool must not wait for one more.
 */
export function closingWords({ app, trx }: Pick<Ctx, 'app' | 'trx'>): Promise<ClosingWords> {
  const known = caches.get(app)
  if (known && known.until > Date.now()) return known.words
  const words = load(trx)
  caches.set(app, { until: Date.now() + CACHE_MS, words })
  words.catch(() => caches.delete(app))
  return words
}

/** What this process changed holds at once. */
export const forgetClosingWords = (app: App): void => void caches.delete(app)

async function load(trx: Knex): Promise<ClosingWords> {
  const rows = await ConversationRulesRow.query(trx).whereNotNull('closing_words').select('team_id', 'channel_account_id', 'closing_words')
  const setOf = (row: ConversationRulesRow) => new Set((row.closing_words ?? []).map(plain))
  const everybody = rows.find((row) => row.team_id === null && row.channel_account_id === null)
  const common = everybody ? setOf(everybody) : new Set<string>()
  const byAccount = new Map(rows.flatMap((row) => (row.channel_account_id === null ? [] : [[row.channel_account_id, setOf(row)] as const])))
  return (channelAccountId) => byAccount.get(channelAccountId) ?? common
}
