import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { appendContinues, type Former, goesOn } from '../ending/returning.ts'
import { askFirst, type Place, placesFor, type Started } from './admit.ts'
import { type Matched, matchTeams } from './match-teams.ts'
import type { Source } from './newcomers.ts'

export interface Beginner {
  identityId: string
  customerId: string
  channelAccountId: string
  source: Source | null
  /** His last conversation ended lately: this one goes on with it, in its team, with its agent if he is there. */
  former?: Former | null
}

/**
 * Opens a conversation for each of these people, in the team and at the place that are his (BP-003.3, BP-003.5). The caller holds the identities' locks.
 * The same few statements for one as for fifty.
 */
export async function openConversations(ctx: Ctx, beginners: readonly Beginner[]) {
  if (beginners.length === 0) return []
  const keyed = beginners.map((beginner) => ({ ...beginner, key: newId() }))
  const matches = await matchTeams(ctx, keyed)
  for (const { key, former } of keyed) {
    const matched = matches.get(key)
    if (former && matched) matches.set(key, goesOn(matched, former))
  }
  const started = keyed.flatMap(({ key, customerId, channelAccountId }): Started[] => {
    const matched = matches.get(key)
    return matched ? [{ id: key, customerId, channelAccountId, matched }] : []
  })
  const places = await placesFor(ctx, started)
  const rows = keyed.map((one) => ({ ...columnsOf(one, matches.get(one.key), places.get(one.key)), ...formerOf(one), ...timesOf(ctx.now) }))
  await ctx.trx('conversations').insert(rows)
  await appendContinues(
    ctx,
    keyed.flatMap(({ key, former }) => (former ? [{ id: key, former }] : [])),
  )
  await askFirst(ctx, started)
  for (const row of rows) ctx.emit({ name: 'conversation.queued', subjectId: row.id, payload: { waitingFor: row.waiting_for } })
  return rows
}

type Keyed = Beginner & { key: string }

const columnsOf = ({ key, source, ...beginner }: Keyed, matched: Matched | undefined, place: Place | undefined) => ({
  id: key,
  status: 'queued' as const,
  waiting_for: matched?.waitingFor ?? null,
  customer_id: beginner.customerId,
  identity_id: beginner.identityId,
  channel_account_id: beginner.channelAccountId,
  team_id: place?.teamId ?? null,
  business_type_id: matched?.businessTypeId ?? null,
  priority: place?.priority ?? 0,
  match_reason: matched ? JSON.stringify(matched.reason) : null,
  source: source === null ? null : JSON.stringify({ ...source, label: source.label || null }),
})

const formerOf = ({ former }: Keyed) => ({
  continues_id: former?.id ?? null,
  last_seq: former ? 1 : 0,
  last_message: former?.lastMessage ? JSON.stringify(former.lastMessage) : null,
})

const timesOf = (now: Date) => ({ queued_at: now, created_at: now, updated_at: now })
