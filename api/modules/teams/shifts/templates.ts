/** Named shifts of a team: 早班, 晚班 … */
import type { z } from 'zod'
import type { ShiftTemplate, shiftTemplateCreate, shiftTemplatePatch } from '../../../contract/team.ts'
import { minuteOf } from '../../../core/business-time/index.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { explaining } from '../database-errors.ts'
import { checkVersion, teamFor } from '../policy.ts'
import { objectOf } from '../team-facts.ts'
import { ShiftTemplateRow } from './model.ts'

const timeOf = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const taken = (name: string) => ({
  shift_templates_name: () => new Conflict('name_taken', 'another shift of this team has this name', { name }),
})

export const presentTemplate = (row: ShiftTemplateRow): ShiftTemplate => ({
  id: row.id,
  name: row.name,
  from: timeOf(row.starts_minute),
  to: timeOf(row.ends_minute),
  color: row.color,
  position: row.position,
  disabled: row.disabled_at !== null,
  version: row.version,
})

export const templatesOf = (ctx: Pick<Ctx, 'trx'>, teamId: string) =>
  ShiftTemplateRow.query(ctx.trx).where({ team_id: teamId }).orderBy(['position', 'id']).limit(200)

/** @throws NotFound, Forbidden; Conflict `name_taken` */
export async function createTemplate(
  ctx: Ctx<StaffActor>,
  teamId: string,
  input: z.output<typeof shiftTemplateCreate>,
): Promise<ShiftTemplateRow> {
  const team = await teamFor(ctx, teamId, 'planShifts')
  const position = await ShiftTemplateRow.query(ctx.trx).where({ team_id: teamId }).resultSize()
  const row = await explaining(taken(input.name), () =>
    ShiftTemplateRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      team_id: teamId,
      name: input.name,
      starts_minute: minuteOf(input.from),
      ends_minute: minuteOf(input.to),
      color: input.color,
      position,
    }),
  )
  await record(ctx, { action: 'team.shift_template_created', object: objectOf(team), after: presentTemplate(row) })
  return row
}

/** Shifts planned already keep their times. @throws NotFound, Forbidden; Conflict `name_taken`, `version_conflict` */
export async function updateTemplate(
  ctx: Ctx<StaffActor>,
  teamId: string,
  id: string,
  patch: z.output<typeof shiftTemplatePatch>,
): Promise<ShiftTemplateRow> {
  const team = await teamFor(ctx, teamId, 'planShifts')
  const row = await ShiftTemplateRow.query(ctx.trx).findOne({ id, team_id: teamId })
  if (!row) throw new NotFound('shift template')
  checkVersion(row, patch.version)
  const before = presentTemplate(row)
  const changed = await explaining(taken(patch.name ?? row.name), () =>
    row.$query(ctx.trx).patchAndFetch({
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(patch.from === undefined ? {} : { starts_minute: minuteOf(patch.from) }),
      ...(patch.to === undefined ? {} : { ends_minute: minuteOf(patch.to) }),
      ...(patch.color === undefined ? {} : { color: patch.color }),
      ...(patch.position === undefined ? {} : { position: patch.position }),
      ...(patch.disabled === undefined ? {} : { disabled_at: patch.disabled ? ctx.now : null }),
      version: row.version + 1,
    }),
  )
  const changes = changesOf(before, presentTemplate(changed))
  if (changes) await record(ctx, { action: 'team.shift_template_changed', object: objectOf(team), ...changes })
  return changed
}
