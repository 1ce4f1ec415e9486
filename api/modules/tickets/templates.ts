/** Prepared tickets: a type with what is usually written, for everybody or for a team. */
import { z } from 'zod'
import { type TicketTemplate, type ticketTemplateCreate, type ticketTemplatePatch, ticketTemplateSchema } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { checkTeam } from './create.ts'
import { checkForm } from './form.ts'
import { TicketTemplateRow } from './model.ts'
import { ticketReach } from './policy.ts'
import { checkType } from './types/ticket-type.ts'

const MAX_TEMPLATES = 300
const contentSchema = ticketTemplateSchema.shape.content

/** Those for everybody are kept by who sets tickets up; those of a team also by who is in it and assigns its tickets. */
async function mayChange(ctx: Ctx<StaffActor>, teamId: string | null): Promise<boolean> {
  const { permissions, dataScope } = ctx.actor
  if (teamId === null) return permissions.has('tickets.settings') && dataScope === 'all'
  if (!permissions.has('tickets.settings')) return false
  return dataScope === 'all' || (await ticketReach(ctx)).teamIds.includes(teamId)
}

async function refuseForeign(ctx: Ctx<StaffActor>, teamId: string | null): Promise<void> {
  if (!(await mayChange(ctx, teamId))) throw new Forbidden('forbidden', 'templates of this team are kept by others')
}

const shownRows = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    team_id: z.string().nullable(),
    team_name: z.string().nullable(),
    type_id: z.string(),
    name_zh: z.string(),
    name_en: z.string(),
    content: contentSchema,
    disabled_at: z.date().nullable(),
    version: z.number(),
  }),
)

/** Those for everybody and of one's own teams, by name; of whoever reaches everything, all. */
export async function listTemplates(ctx: Ctx<StaffActor>, { all, id }: { all: boolean; id?: string }): Promise<TicketTemplate[]> {
  const reach = await ticketReach(ctx)
  const found: unknown = await ctx
    .trx('ticket_templates as p')
    .join('ticket_types as y', 'y.id', 'p.type_id')
    .leftJoin('teams as m', 'm.id', 'p.team_id')
    .modify((builder) => {
      if (!reach.all) void builder.where((any) => any.whereNull('p.team_id').orWhereIn('p.team_id', [...reach.teamIds]))
      if (!all) void builder.whereNull('p.disabled_at').whereNull('y.disabled_at')
      if (id !== undefined) void builder.where('p.id', id)
    })
    .orderBy(['p.name', 'p.id'])
    .limit(MAX_TEMPLATES)
    .select(
      'p.id',
      'p.name',
      'p.team_id',
      'm.name as team_name',
      'p.type_id',
      'y.name_zh',
      'y.name_en',
      'p.content',
      'p.disabled_at',
      'p.version',
    )
  const { permissions, dataScope } = ctx.actor
  const keeps = (teamId: string | null) =>
    permissions.has('tickets.settings') && (dataScope === 'all' || (teamId !== null && reach.teamIds.includes(teamId)))
  return shownRows.parse(found).map((row) => ({
    id: row.id,
    name: row.name,
    team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
    type: { id: row.type_id, nameZh: row.name_zh, nameEn: row.name_en },
    content: row.content,
    disabled: row.disabled_at !== null,
    may: { change: keeps(row.team_id) },
    version: row.version,
  }))
}

async function templateOf(ctx: Ctx<StaffActor>, id: string): Promise<TicketTemplate> {
  const [template] = await listTemplates(ctx, { all: true, id })
  if (!template) throw new NotFound('ticket_template')
  return template
}

async function refuseName(ctx: Ctx, { name, teamId, self }: { name: string; teamId: string | null; self: string | null }): Promise<void> {
  const taken = await TicketTemplateRow.query(ctx.trx)
    .where({ name, team_id: teamId })
    .modify((builder) => void (self !== null && builder.whereNot({ id: self })))
    .first()
  if (taken) throw new Conflict('name_taken', 'another template is called like this', { id: taken.id })
}

const takeTurns = (ctx: Ctx) => ctx.trx.raw('lock table ticket_templates in share row exclusive mode')
const factsOf = (row: TicketTemplateRow) => ({
  name: row.name,
  typeId: row.type_id,
  content: contentSchema.parse(row.content),
  disabled: row.disabled_at !== null,
})

async function checkContent(
  ctx: Ctx,
  typeId: string,
  { content, keep }: { content: TicketTemplate['content']; keep: string | null },
): Promise<void> {
  const type = await checkType(ctx, typeId, keep)
  await checkForm(ctx, type.fields, { typed: content.fields })
  await checkTeam(ctx, content.teamId)
}

/** @throws Forbidden for another team's; Conflict `name_taken`, `limit_reached`; Invalid as a ticket of it would be */
export async function createTemplate(ctx: Ctx<StaffActor>, input: z.output<typeof ticketTemplateCreate>): Promise<TicketTemplate> {
  await refuseForeign(ctx, input.teamId)
  await checkTeam(ctx, input.teamId)
  await takeTurns(ctx)
  await refuseName(ctx, { name: input.name, teamId: input.teamId, self: null })
  if ((await TicketTemplateRow.query(ctx.trx).resultSize()) >= MAX_TEMPLATES)
    throw new Conflict('limit_reached', 'too many templates', { max: MAX_TEMPLATES })
  await checkContent(ctx, input.typeId, { content: input.content, keep: null })
  const row = await TicketTemplateRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    name: input.name,
    team_id: input.teamId,
    type_id: input.typeId,
    content: input.content,
    created_by: ctx.actor.accountId,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await record(ctx, {
    action: 'ticket_template.created',
    object: { kind: 'ticket_template', id: row.id, label: row.name },
    after: factsOf(row),
  })
  return templateOf(ctx, row.id)
}

async function templateFor(ctx: Ctx<StaffActor>, id: string, version: number): Promise<TicketTemplateRow> {
  await templateOf(ctx, id)
  const row = await TicketTemplateRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row) throw new NotFound('ticket_template')
  await refuseForeign(ctx, row.team_id)
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this template', { version: row.version })
  return row
}

/** @throws NotFound outside one's teams; Forbidden; Conflict `version_conflict`, `name_taken` */
export async function changeTemplate(
  ctx: Ctx<StaffActor>,
  id: string,
  patch: z.output<typeof ticketTemplatePatch>,
): Promise<TicketTemplate> {
  await takeTurns(ctx)
  const row = await templateFor(ctx, id, patch.version)
  const before = factsOf(row)
  const next = {
    name: patch.name ?? row.name,
    type_id: patch.typeId ?? row.type_id,
    content: patch.content ?? contentSchema.parse(row.content),
  }
  await refuseName(ctx, { name: next.name, teamId: row.team_id, self: id })
  if (patch.content !== undefined || patch.typeId !== undefined)
    await checkContent(ctx, next.type_id, { content: next.content, keep: row.type_id })
  const saved = await row.$query(ctx.trx).patchAndFetch({
    ...next,
    ...(patch.disabled === undefined ? {} : { disabled_at: patch.disabled ? (row.disabled_at ?? ctx.now) : null }),
    version: row.version + 1,
    updated_at: ctx.now,
  })
  const changes = changesOf(before, factsOf(saved))
  if (changes)
    await record(ctx, { action: 'ticket_template.changed', object: { kind: 'ticket_template', id, label: saved.name }, ...changes })
  return templateOf(ctx, id)
}

/** @throws as `changeTemplate` */
export async function removeTemplate(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await templateFor(ctx, id, version)
  await TicketTemplateRow.query(ctx.trx).deleteById(id)
  await record(ctx, { action: 'ticket_template.removed', object: { kind: 'ticket_template', id, label: row.name }, before: factsOf(row) })
}
