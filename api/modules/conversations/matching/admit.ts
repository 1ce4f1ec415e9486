/** A new conversation goes into the queue, or waits before it: for a choice, or for the opening. */
import type { Ctx } from '../../../core/context.ts'
import { enterQueue } from '../../routing/index.ts'
import type { Matched } from './match-teams.ts'

export interface Started {
  id: string
  customerId: string
  channelAccountId: string
  matched: Matched
}

export interface Place {
  /** Overflow may have changed it. */
  teamId: string | null
  priority: number
}

/** Those who need not wait for anything take their places. @returns by conversation, every one of them */
export async function placesFor(ctx: Ctx, started: readonly Started[]): Promise<Map<string, Place>> {
  const places = new Map(started.map(({ id, matched }): [string, Place] => [id, { teamId: matched.teamId, priority: 0 }]))
  const free = started.filter(({ matched }) => matched.waitingFor === null)
  if (free.length === 0) return places
  const entries = free.map(({ id, customerId, channelAccountId, matched }) => ({
    work: { kind: 'conversation' as const, id },
    customerId,
    channelAccountId,
    teamId: matched.teamId,
    businessTypeId: matched.businessTypeId,
    ...(matched.preferredAccountId === undefined ? {} : { preferredAccountId: matched.preferredAccountId }),
    requiredSkills: matched.skillId === null ? [] : [{ skillId: matched.skillId, level: 1 }],
  }))
  for (const [id, place] of await enterQueue(ctx, entries)) places.set(id, place)
  return places
}

/** What the others wait for, once their conversations are written. One statement per table, whatever their number. */
export async function askFirst(ctx: Ctx, started: readonly Started[]): Promise<void> {
  await offerChoices(
    ctx,
    started.filter(({ matched }) => matched.waitingFor === 'team_choice'),
  )
  await waitForOpening(
    ctx,
    started.filter(({ matched }) => matched.waitingFor === 'off_hours'),
  )
}

export async function offerChoices(ctx: Ctx, started: readonly Pick<Started, 'id' | 'matched'>[]): Promise<void> {
  if (started.length === 0) return
  await ctx.trx('team_choices').insert(
    started.map(({ id, matched }) => ({
      conversation_id: id,
      options: JSON.stringify(matched.options),
      offered_at: ctx.now,
      expires_at: new Date(ctx.now.getTime() + matched.choiceSeconds * 1000),
    })),
  )
}

async function waitForOpening(ctx: Ctx, started: readonly Started[]): Promise<void> {
  if (started.length === 0) return
  await ctx
    .trx('off_hours_waits')
    .insert(
      started.map(({ id, matched }) => ({ conversation_id: id, team_id: matched.teamId, opens_at: matched.opensAt, created_at: ctx.now })),
    )
}
