/** Tickets out of the house (BP-013): a short link for one person, read from the database while he downloads, with what he may see at that moment. */
import type { Readable } from 'node:stream'
import type { Ticket } from '../../../contract/ticket.ts'
import type { Locale } from '../../../contract/identity.ts'
import type { TicketExportRequest } from '../../../contract/ticket-export.ts'
import type { App } from '../../../core/app.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Forbidden, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { type CellValue, sheetStream } from '../../../core/spreadsheets/write-sheet.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { companySettings, DictionaryEntryRow } from '../../settings/index.ts'
import { listTickets } from '../list-tickets.ts'
import { presentTickets } from '../load.ts'
import { ticketsFor } from '../policy.ts'
import { slaWarnings } from '../sla/warnings.ts'
import { TicketExportRow } from './model.ts'
import { COLUMNS, type ExportColumn, SOURCE_WORDS, STATUS_WORDS, YES_NO } from './words.ts'

const MINUTES = 10
const PAGE = 100

export async function requestTicketExport(ctx: Ctx<StaffActor>, request: TicketExportRequest): Promise<TicketExportRow> {
  const row = await TicketExportRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    account_id: ctx.actor.accountId,
    request,
    created_at: ctx.now,
    expires_at: new Date(ctx.now.getTime() + MINUTES * 60_000),
  })
  await record(ctx, { action: 'tickets.export_requested', object: { kind: 'ticket_export', id: row.id }, context: factsOf(request) })
  return row
}

/** What was looked for may be a name, and stays out of the trail. */
function factsOf({ tickets, format }: TicketExportRequest) {
  if ('ids' in tickets) return { format, by: 'selection', tickets: tickets.ids.length }
  if ('warnings' in tickets) return { format, by: 'warnings', withinMinutes: tickets.warnings.withinMinutes }
  return { format, by: 'filter', filters: Object.keys(tickets.filter), sort: tickets.sort }
}

/** @throws NotFound; Forbidden for somebody else's link, `export_expired` */
export async function ticketExportFor(ctx: Ctx<StaffActor>, id: string): Promise<TicketExportRow> {
  const row = await TicketExportRow.query(ctx.trx).findById(id)
  if (!row) throw new NotFound('export')
  if (row.account_id !== ctx.actor.accountId) throw new Forbidden('forbidden', 'this link is for somebody else')
  if (row.expires_at <= ctx.now) throw new Forbidden('export_expired', 'this link has expired')
  return row
}

export async function ticketSheet(ctx: Ctx<StaffActor>, { id, request }: TicketExportRow): Promise<Readable> {
  await record(ctx, { action: 'tickets.exported', object: { kind: 'ticket_export', id }, context: factsOf(request) })
  const words = await wordsOf(ctx)
  const columns = Object.values(COLUMNS).map((title) => ({ title: title[words.locale] }))
  const sheet = sheetStream(request.format, { name: 'tickets', columns, rows: rowsOf(ctx, request, words) })
  // The answer has begun: all that is left is to break it off, and to say why.
  return sheet.on('error', (error) => ctx.log.error({ exportId: id, error: String(error) }, 'tickets.export_broken'))
}

interface Words {
  locale: Locale
  priorities: ReadonlyMap<string, string>
  time(iso: string | null): string
}

async function wordsOf(ctx: Ctx<StaffActor>): Promise<Words> {
  const account = await Account.query(ctx.trx).findById(ctx.actor.accountId).select('locale')
  const locale = account?.locale ?? 'zh-CN'
  const entries = await DictionaryEntryRow.query(ctx.trx).where({ dictionary: 'priority' })
  const { timeZone } = await companySettings(ctx)
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return {
    locale,
    priorities: new Map(entries.map((entry) => [entry.code, locale === 'en' ? entry.label_en : entry.label_zh])),
    time: (iso) => (iso === null ? '' : format.format(new Date(iso))),
  }
}

/** Page after page, as the list is paged: an export of a million holds no transaction open. */
async function* rowsOf(ctx: Ctx<StaffActor>, { tickets }: TicketExportRequest, words: Words): AsyncGenerator<CellValue[]> {
  const reader = { ...ctx, trx: ctx.app.db }
  if ('ids' in tickets) {
    const { rows } = await ticketsFor(reader, tickets.ids, 'view')
    const seen = new Set(rows.map(({ id }) => id))
    const ids = tickets.ids.filter((id) => seen.has(id))
    for (const ticket of await presentTickets(reader.trx, ids)) yield cellsOf(ticket, words)
    return
  }
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page =
      'warnings' in tickets
        ? await slaWarnings(reader, { ...tickets.warnings, limit: PAGE, cursor })
        : await listTickets(reader, { ...tickets.filter, sort: tickets.sort, limit: PAGE, cursor })
    for (const ticket of page.data) yield cellsOf(ticket, words)
    cursor = page.nextCursor
  }
}

function cellsOf(ticket: Ticket, words: Words): CellValue[] {
  const { locale, time } = words
  const cells: Record<ExportColumn, CellValue> = {
    number: ticket.number,
    title: ticket.title,
    type: locale === 'en' ? ticket.type.nameEn : ticket.type.nameZh,
    priority: words.priorities.get(ticket.priority) ?? ticket.priority,
    status: STATUS_WORDS[ticket.status][locale],
    customer: ticket.customer?.name ?? '',
    team: ticket.team?.name ?? '',
    assignee: ticket.assignee?.name ?? '',
    source: SOURCE_WORDS[ticket.source][locale],
    channel: ticket.channelAccount?.name ?? '',
    tags: ticket.tags.join(locale === 'en' ? ', ' : '、'),
    escalation: ticket.escalationLevel,
    urges: ticket.urges,
    reopened: ticket.reopenedCount,
    breached: YES_NO[ticket.sla.breached ? 'yes' : 'no'][locale],
    dueAt: time(ticket.sla.nextDueAt),
    createdBy: ticket.createdBy?.name ?? '',
    createdAt: time(ticket.createdAt),
    firstRepliedAt: time(ticket.firstRepliedAt),
    resolvedAt: time(ticket.resolvedAt),
    closedAt: time(ticket.closedAt),
  }
  return Object.values(cells)
}

/** Links that nobody can open any more. */
export const forgetTicketExports = async (app: App): Promise<void> =>
  void (await app.db.raw(`delete from ticket_exports where expires_at < app_now() - interval '1 day'`))
