/** What was done about it, and how others may learn from it (BP-006.10). */
import { z } from 'zod'
import type { ArticleDraft } from '../../../contract/knowledge.ts'
import type { articleDraftRequest } from '../../../contract/ticket-ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { draftArticle, showDraft } from '../../knowledge/index.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { lockTicket, ticketFor } from '../policy.ts'
import { saveTicket } from '../save.ts'
import { isOver } from '../states.ts'

/**
 * Also after the end: who finds better words for it later may write them. What the customer is asked to confirm is not taken away.
 * @throws NotFound, Forbidden; Conflict `version_conflict`, `ticket_merged`; Invalid `ticket_fields_missing`
 */
export async function putSolution(ctx: Ctx<StaffActor>, id: string, { solution, version }: { solution: string | null; version: number }) {
  const row = await ticketFor(ctx, id, 'comment')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this ticket', { version: row.version })
  const text = solution?.trim() ? solution.trim() : null
  const before = row.solution
  if (text === before) return
  if (text === null && (row.status === 'awaiting_confirmation' || isOver(row.status)))
    throw new Invalid('ticket_fields_missing', 'this state asks for a solution', { to: row.status, needs: ['solution'], fields: [] })
  const after = await saveTicket(ctx, row, { solution: text })
  await recordTicketEvent(ctx, after, { kind: 'changed', before: { solution: before }, after: { solution: text } })
  ctx.emit({ name: 'ticket.changed', subjectId: id, payload: { fields: ['solution'] } })
}

type Wish = z.output<typeof articleDraftRequest>
const locales = z.array(z.object({ locale: z.enum(['zh-CN', 'en']) }))
const HEADINGS = { 'zh-CN': ['问题', '解决方案'], en: ['Problem', 'Solution'] } as const

async function bodyOf(ctx: Ctx<StaffActor>, row: TicketRow): Promise<string> {
  const [account] = locales.parse(await ctx.trx('accounts').select('locale').where({ id: ctx.actor.accountId }))
  const [problem, solved] = HEADINGS[account?.locale ?? 'zh-CN']
  const description = row.description.trim() === '' ? row.title : row.description.trim()
  return `${problem}\n${description}\n\n${solved}\n${row.solution ?? ''}`
}

/**
 * One draft of each ticket: asked for again, the same one is answered, as its author has left it.
 * @throws NotFound outside one's scope; Conflict `ticket_without_solution`
 */
export async function archiveSolution(ctx: Ctx<StaffActor>, id: string, { title, body }: Wish): Promise<ArticleDraft> {
  await ticketFor(ctx, id, 'view')
  const row = await lockTicket(ctx, id)
  if (row.solution === null && body === undefined)
    throw new Conflict('ticket_without_solution', 'there is nothing to learn from it yet', { number: row.number })
  const { draft, isNew } = await draftArticle(ctx, {
    title: title ?? row.title.slice(0, 120),
    body: body ?? (await bodyOf(ctx, row)),
    source: { kind: 'ticket', id: row.id, label: row.number },
  })
  if (isNew)
    await recordTicketEvent(ctx, await saveTicket(ctx, row, {}), {
      kind: 'article_drafted',
      params: { draftId: draft.id, title: draft.title },
    })
  return showDraft(ctx, draft.id)
}
