/** Carries actions out on one ticket, in their order, by the use cases that a person would go through: by their rights, their checks, their history. */
import type { TicketAction } from '../../../contract/ticket-action.ts'
import type { TicketEffect } from '../../../contract/ticket-macro.ts'
import type { TicketChange } from '../../../contract/ticket.ts'
import type { FormValues } from '../../../contract/ticket-type.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { carryOut } from '../assigning/assign-tickets.ts'
import { claimTicket } from '../assigning/claim-ticket.ts'
import { ticketTargetOf } from '../assigning/targets.ts'
import type { Teller } from '../assigning/tell.ts'
import { changeTicket } from '../update.ts'
import { followUpOn } from '../follow-ups/add-follow-up.ts'
import type { TicketRow } from '../model.ts'
import { moveTicket } from '../moves.ts'
import { ticketFor } from '../policy.ts'
import { isPool } from '../states.ts'
import { shownEffects, type Sides } from './shown.ts'

export interface Application {
  actions: readonly TicketAction[]
  /** Names this application: the same key writes a follow-up once. */
  key: string
  /** Told which action comes next, so that who catches a refusal knows which one met it. */
  reached?(nth: number): void
  /** Hears who is given it; absent: he is told. */
  tell?: Teller | undefined
}

/**
 * All of them or none. `row` is locked, seen by the actor, and brought up to date in place.
 * @throws the refusal of the use case that an action goes through
 * @returns what each did; what changed nothing is left out
 */
export async function applyActions(
  ctx: Ctx<StaffActor>,
  row: TicketRow,
  { actions, key, reached, tell }: Application,
): Promise<TicketEffect[]> {
  const effects: Sides[] = []
  for (const [nth, action] of actions.entries()) {
    reached?.(nth)
    const effect = await applyOne(ctx, row, action, { key: `${key}:${nth}`, tell })
    if (effect) effects.push(effect)
  }
  return shownEffects(ctx, effects)
}

async function applyOne(
  ctx: Ctx<StaffActor>,
  row: TicketRow,
  action: TicketAction,
  { key, tell }: Pick<Application, 'key' | 'tell'>,
): Promise<Sides | null> {
  switch (action.kind) {
    case 'status': {
      await ticketFor(ctx, row.id, 'move')
      const before = row.status
      await moveTicket(ctx, row, action.to, { reason: action.reason, solution: action.solution })
      return sides('status', before, row.status)
    }
    case 'priority':
      return changed(ctx, row, { kind: 'priority', change: { priority: action.to }, of: (each) => each.priority })
    case 'type':
      return changed(ctx, row, { kind: 'type', change: { typeId: action.typeId }, of: (each) => each.type_id })
    case 'tags':
      return changed(ctx, row, { kind: 'tags', change: { tags: tagsAfter(row.tags, action) }, of: (each) => each.tags.join(', ') })
    case 'field':
      return changed(ctx, row, {
        kind: `field:${action.key}`,
        change: { fields: { [action.key]: action.value } },
        of: (each) => plain(each.fields[action.key]),
      })
    case 'assign':
      return assign(ctx, row, { ...action, tell })
    case 'follow_up':
      await ticketFor(ctx, row.id, 'comment')
      await followUpOn(ctx, row, { clientKey: key, visibility: action.visibility, text: action.text, attachmentIds: [], mentions: [] })
      return { kind: `follow_up:${action.visibility}`, before: null, after: action.text }
  }
}

const sides = (kind: string, before: string | null, after: string | null): Sides | null =>
  before === after ? null : { kind, before, after }
const plain = (value: FormValues[string] | undefined): string | null => {
  if (value === undefined || value === null) return null
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** Without regard to case, as tags are compared; what is there stays as it was first written. */
function tagsAfter(tags: readonly string[], { add, remove }: { add: readonly string[]; remove: readonly string[] }): string[] {
  const gone = new Set(remove.map((tag) => tag.toLowerCase()))
  const kept = tags.filter((tag) => !gone.has(tag.toLowerCase()))
  const known = new Set(kept.map((tag) => tag.toLowerCase()))
  return [...kept, ...add.filter((tag) => !known.has(tag.toLowerCase()))]
}

interface Changing {
  kind: string
  change: TicketChange
  of(row: TicketRow): string | null
}

async function changed(ctx: Ctx<StaffActor>, row: TicketRow, { kind, change, of }: Changing): Promise<Sides | null> {
  await ticketFor(ctx, row.id, 'edit')
  const before = of(row)
  await changeTicket(ctx, row, change)
  return sides(kind, before, of(row))
}

type Assigning = Extract<TicketAction, { kind: 'assign' }> & Pick<Application, 'tell'>

/** To oneself from the pool it is a claim, which asks for less. */
async function assign(ctx: Ctx<StaffActor>, row: TicketRow, { to, tell }: Assigning): Promise<Sides | null> {
  const before = row.assignee_id ?? row.team_id
  const mine = to.kind === 'me'
  if (mine && row.assignee_id === ctx.actor.accountId) return null
  if (mine && isPool(row.status)) row.$set(await claimTicket(ctx, row.id))
  else {
    await ticketFor(ctx, row.id, 'transfer')
    const target = await ticketTargetOf(ctx, mine ? { kind: 'agent', accountId: ctx.actor.accountId } : to)
    await carryOut(ctx, [row], { target, reason: { code: 'assigned_by_hand', params: { by: ctx.actor.name } }, tell })
  }
  return sides('assign', before, row.assignee_id ?? row.team_id)
}
