/** Who may do what with a conversation, and the only way to get one. */
import type { Permission } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { Account } from '../identity/index.ts'
import type { Helping } from './helpers/shown-helpers.ts'
import { ConversationRow } from './model.ts'
import { oversees } from './oversight/reach.ts'
import { readableOf, readsHouse, readsOthers } from './readable.ts'

/** `amend`: what one is writing or has written. `link`: merge and split. */
export type ConversationAction =
  'view' | 'note' | 'reply' | 'amend' | 'accept' | 'close' | 'transfer' | 'invite' | 'link' | 'listen' | 'whisper' | 'takeOver'

type Facts = Pick<ConversationRow, 'status' | 'kind' | 'assignee_id' | 'offered_to'> & { helpers: Helping }

const helperIn = (accountId: string, row: Facts) => row.helpers?.find(({ id }) => id === accountId)

/** Who takes part in it now, or held it last; what is asked of him is enough. */
export const takesPart = (accountId: string, row: Facts): boolean =>
  row.assignee_id === accountId || row.offered_to === accountId || helperIn(accountId, row) !== undefined

/** What shows from the row alone; null: it depends on teams, on people, on whom he serves (`readableBy`). */
export function seenByRow(actor: StaffActor, row: Facts & Pick<ConversationRow, 'team_id'>): boolean | null {
  if (!actor.permissions.has('conversations.read')) return false
  if (readsHouse(actor) || takesPart(actor.accountId, row)) return true
  if (row.status === 'queued' && row.team_id === null) return true
  return row.status === 'open' && !readsOthers(actor) ? false : null
}

/** `readableBy` of one row: the database is asked only where it makes the difference, so that who joins or leaves a team sees it at once. */
export async function sees(ctx: Ctx<StaffActor>, row: Facts & Pick<ConversationRow, 'id' | 'team_id'>): Promise<boolean> {
  const known = seenByRow(ctx.actor, row)
  if (known !== null) return known
  const [readable] = await readableOf([{ ctx, ids: [row.id] }])
  return readable?.has(row.id) ?? false
}

/** An administrator may always answer. */
const holds = (actor: StaffActor, row: Facts): boolean =>
  actor.permissions.has('conversations.reply_all') || row.assignee_id === actor.accountId

const mayAnswer = (actor: StaffActor, row: Facts): boolean => holds(actor, row) || (helperIn(actor.accountId, row)?.mayReply ?? false)

/** @param supervised within the scope in which he supervises (`oversees`) */
export function allowedActions(actor: StaffActor, row: Facts, supervised: boolean) {
  const replies = actor.permissions.has('conversations.reply')
  const open = row.status === 'open'
  const decides = replies && (holds(actor, row) || (supervised && actor.permissions.has('conversations.assign')))
  return {
    /** Also after the end: what was learnt belongs where it was learnt. */
    note: replies,
    reply: replies && row.kind !== 'split' && row.status !== 'closed' && (row.status === 'queued' || mayAnswer(actor, row)),
    accept: replies && row.status === 'queued',
    close: decides && open,
    transfer: decides && open,
    invite: decides && open,
    link: decides,
    ...(supervised ? besideTheAgent(actor, row) : { listen: false, whisper: false, takeOver: false }),
  }
}

/** BP-012: nobody whispers to himself. */
function besideTheAgent({ accountId, permissions }: StaffActor, row: Facts) {
  const others = row.status === 'open' && row.assignee_id !== accountId
  return {
    listen: row.status !== 'closed' && permissions.has('conversations.listen'),
    whisper: others && permissions.has('conversations.whisper'),
    takeOver: others && permissions.has('conversations.take_over') && permissions.has('conversations.reply'),
  }
}

/** So long after it left the queue, which everybody sees, who still reaches for it is told who has it. */
export const JUST_TAKEN_MS = 5 * 60_000

const justTaken = (row: ConversationRow, now: Date): boolean =>
  row.status === 'open' && row.opened_at !== null && now.getTime() - row.opened_at.getTime() < JUST_TAKEN_MS

/** The same for the screens: what of all this is open to the reader. */
export async function actionsFor(ctx: Ctx<StaffActor>, row: Facts & { id: string }) {
  const { permissions } = ctx.actor
  const supervises = SUPERVISING.some((permission) => permissions.has(permission))
  return allowedActions(ctx.actor, row, supervises && (await oversees(ctx, row)))
}
const SUPERVISING: readonly Permission[] = [
  'conversations.assign',
  'conversations.listen',
  'conversations.whisper',
  'conversations.take_over',
]

export async function takenBy(ctx: Ctx, row: ConversationRow): Promise<Conflict> {
  const assignee = row.assignee_id === null ? undefined : await Account.query(ctx.trx).findById(row.assignee_id).select('id', 'name')
  return new Conflict('already_assigned', 'somebody has this conversation', {
    assignee: assignee ? { id: assignee.id, name: assignee.name } : null,
  })
}

const AFTER_THE_END: ReadonlySet<ConversationAction> = new Set(['note', 'link'])
const NEEDS_AGENT: ReadonlySet<ConversationAction> = new Set(['transfer', 'invite', 'whisper', 'takeOver'])
const BY_ITS_SUPERVISOR: ReadonlySet<ConversationAction> = new Set(['close', 'link'])
const OVERSIGHT: ReadonlySet<ConversationAction> = new Set(['listen', 'whisper', 'takeOver'])

/** Whose teams are looked at before it is allowed; not for what one holds, reads, writes. */
const needsScope = (actor: StaffActor, action: ConversationAction, row: Facts): boolean =>
  OVERSIGHT.has(action) || ((NEEDS_AGENT.has(action) || BY_ITS_SUPERVISOR.has(action)) && !holds(actor, row))

/** What goes on after the end: by its last agent, or by a supervisor within his scope. @throws Forbidden */
export async function refuseOthers(ctx: Ctx<StaffActor>, row: Pick<ConversationRow, 'id' | 'assignee_id'>): Promise<void> {
  if (!(await concerns(ctx, row))) throw new Forbidden('forbidden', 'its agent or his supervisor does that')
}

/** Whether the last word about it is the reader's: it is his, or he assigns in the scope in which it lies. */
export async function concerns(ctx: Ctx<StaffActor>, row: Pick<ConversationRow, 'id' | 'assignee_id'>): Promise<boolean> {
  if (row.assignee_id === ctx.actor.accountId) return true
  return ctx.actor.permissions.has('conversations.assign') && (await oversees(ctx, row))
}

/** What cannot be done to it as it stands, whoever asks. */
function refuseState(row: ConversationRow, action: ConversationAction): void {
  if (row.status === 'closed' && !AFTER_THE_END.has(action)) throw new Conflict('conversation_closed', 'this conversation is closed')
  if (action === 'reply' && row.kind === 'split')
    throw new Conflict('conversation_split', 'answer in the conversation it was parted from', { conversationId: row.split_from })
  if (row.status === 'queued' && NEEDS_AGENT.has(action))
    throw new Conflict('conversation_not_assigned', 'nobody has this conversation yet')
}

/**
 * Loads a conversation for an action, locked unless it is only viewed.
 * @throws NotFound outside one's scope; Forbidden when one may see but not do; Conflict `conversation_closed`, `already_assigned`
 */
export async function conversationFor(ctx: Ctx<StaffActor>, id: string, action: ConversationAction): Promise<ConversationRow> {
  const row = await ConversationRow.query(ctx.trx)
    .findById(id)
    .modify((builder) => void (action !== 'view' && builder.forNoKeyUpdate()))
  if (!row) throw new NotFound('conversation')
  const taking = action === 'accept' || action === 'reply'
  if (!(await sees(ctx, row))) throw taking && justTaken(row, ctx.now) ? await takenBy(ctx, row) : new NotFound('conversation')
  if (action === 'view') return row
  refuseState(row, action)
  if (action === 'accept' && row.status === 'open') throw await takenBy(ctx, row)
  const supervised = needsScope(ctx.actor, action, row) && (await oversees(ctx, row))
  if (!allowedActions(ctx.actor, row, supervised)[action === 'amend' ? 'reply' : action])
    throw new Forbidden('forbidden', `you may not ${action} here`)
  return row
}
