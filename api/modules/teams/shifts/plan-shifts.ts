/** Changing a week's plan (BP-007.5): cells replaced, a week copied. Who is planned where already is refused by the database. */
import { z } from 'zod'
import type { RosterChange } from '../../../contract/team.ts'
import { addDays, minuteOf, momentIn, wallMinuteIn } from '../../../core/business-time/index.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { notify } from '../../notifications/index.ts'
import { refusedBy } from '../database-errors.ts'
import { MemberRow, type TeamRow } from '../model.ts'
import { checkVersion, teamFor } from '../policy.ts'
import { objectOf } from '../team-facts.ts'
import { touchRosters, voidSwaps } from './forget-shifts.ts'
import { type LoadedShift, shiftsOf, zoneOfTeam } from './load-shifts.ts'
import { templatesOf } from './templates.ts'

/** Minutes since the midnight of its day; more than 1440 is the night after. */
interface PlannedShift {
  templateId: string | null
  starts: number
  ends: number
}
interface PlannedCell {
  accountId: string
  day: string
  shifts: PlannedShift[]
}
interface NewShift {
  id: string
  account_id: string
  day: string
  template_id: string | null
  starts_at: string
  ends_at: string
}

/** @throws NotFound, Forbidden; Conflict `version_conflict`, `shift_overlaps`; Invalid `not_a_member`, `invalid_request` */
export async function changeRoster(ctx: Ctx<StaffActor>, teamId: string, week: string, change: RosterChange): Promise<TeamRow> {
  const team = await teamFor(ctx, teamId, 'planShifts')
  await lockRoster(ctx, teamId, week, change.version)
  const outside = change.cells.find(({ day }) => day < week || day > addDays(week, 6))
  if (outside) throw invalid('cells', 'a day outside this week')
  const templates = new Map((await templatesOf(ctx, teamId)).map((row) => [row.id, row]))
  const cells = change.cells.map(({ accountId, day, shifts }) => ({
    accountId,
    day,
    shifts: shifts.map((shift): PlannedShift => {
      if ('from' in shift) return withEnd(null, minuteOf(shift.from), minuteOf(shift.to))
      const template = templates.get(shift.templateId)
      if (!template || template.disabled_at) throw invalid('cells', 'no such shift in this team')
      return withEnd(template.id, template.starts_minute, template.ends_minute)
    }),
  }))
  await plan(ctx, team, week, cells)
  return team
}

const invalid = (path: string, message: string) => new Invalid('invalid_request', message, { issues: [{ path, code: 'custom', message }] })
const withEnd = (templateId: string | null, starts: number, ends: number): PlannedShift => ({
  templateId,
  starts,
  ends: ends <= starts ? ends + 1440 : ends,
})

/** People who are no longer members are left out. @throws as `changeRoster`; Conflict `week_not_empty` */
export async function copyWeek(
  ctx: Ctx<StaffActor>,
  teamId: string,
  copy: { from: string; to: string; replace: boolean; version: number },
): Promise<{ team: TeamRow; copied: number; skipped: string[] }> {
  if (copy.from === copy.to) throw invalid('to', 'a week is not copied onto itself')
  const team = await teamFor(ctx, teamId, 'planShifts')
  await lockRoster(ctx, teamId, copy.to, copy.version)
  const [zone, source, there, members] = [
    await zoneOfTeam(ctx, team),
    await shiftsOf(ctx.trx, teamId, copy.from, addDays(copy.from, 6)),
    await shiftsOf(ctx.trx, teamId, copy.to, addDays(copy.to, 6)),
    new Set((await MemberRow.query(ctx.trx).where({ team_id: teamId }).select('account_id')).map((row) => row.account_id)),
  ]
  if (there.length > 0 && !copy.replace) throw new Conflict('week_not_empty', 'there are shifts in this week', { shifts: there.length })
  const distance = Math.round((Date.parse(copy.to) - Date.parse(copy.from)) / 86_400_000)
  const cells = new Map<string, PlannedCell>()
  const cellAt = (accountId: string, day: string): PlannedCell => {
    const cell = cells.get(`${accountId} ${day}`) ?? { accountId, day, shifts: [] }
    cells.set(`${accountId} ${day}`, cell)
    return cell
  }
  for (const shift of there) cellAt(shift.account_id, shift.day)
  const copied = source.filter((shift) => members.has(shift.account_id))
  for (const shift of copied) {
    const [starts, ends] = [wallMinuteIn(zone, shift.day, shift.starts_at), wallMinuteIn(zone, shift.day, shift.ends_at)]
    cellAt(shift.account_id, addDays(shift.day, distance)).shifts.push({ templateId: shift.template_id, starts, ends })
  }
  await plan(ctx, team, copy.to, [...cells.values()])
  const skipped = source.map((shift) => shift.account_id).filter((id) => !members.has(id))
  return { team, copied: copied.length, skipped: [...new Set(skipped)] }
}

/** Two people who plan the same week take turns; the second is told. @throws Conflict `version_conflict` */
async function lockRoster(ctx: Ctx, teamId: string, week: string, version: number): Promise<void> {
  const key = { team_id: teamId, week }
  await ctx
    .trx('rosters')
    .insert({ ...key, version: 0 })
    .onConflict(['team_id', 'week'])
    .ignore()
  const row = z.object({ version: z.number() }).parse(await ctx.trx('rosters').where(key).forUpdate().first('version'))
  checkVersion(row, version)
}

async function plan(ctx: Ctx<StaffActor>, team: TeamRow, week: string, cells: readonly PlannedCell[]): Promise<void> {
  await checkMembers(ctx, team.id, cells)
  await lockPeople(ctx, cells)
  const zone = await zoneOfTeam(ctx, team)
  const wanted = cells.flatMap(({ accountId, day, shifts }) =>
    shifts.map(({ templateId, starts, ends }) => ({
      id: newId(),
      account_id: accountId,
      day,
      template_id: templateId,
      starts_at: momentIn(zone, day, starts).toISOString(),
      ends_at: momentIn(zone, day, ends).toISOString(),
    })),
  )
  const named = new Set(cells.map(({ accountId, day }) => `${accountId} ${day}`))
  const there = (await shiftsOf(ctx.trx, team.id, week, addDays(week, 6))).filter((row) => named.has(`${row.account_id} ${row.day}`))
  const same = (old: LoadedShift, shift: NewShift) =>
    old.account_id === shift.account_id &&
    old.day === shift.day &&
    old.template_id === shift.template_id &&
    old.starts_at.toISOString() === shift.starts_at &&
    old.ends_at.toISOString() === shift.ends_at
  // What stays as it is keeps its id: a swap that was asked for it still holds.
  const fresh = wanted.filter((shift) => !there.some((old) => same(old, shift)))
  const gone = there.filter((old) => !wanted.some((shift) => same(old, shift)))
  refuseOverlapsAmong(wanted)
  await write(ctx, team, gone, fresh)
  await touchRosters(ctx, team.id, [week])
  if (fresh.length + gone.length === 0) return
  await tell(ctx, team, week, [...fresh, ...gone])
  await record(ctx, { action: 'team.shifts_planned', object: objectOf(team), after: { week, added: fresh.length, removed: gone.length } })
  ctx.emit({ name: 'agent.available', subjectId: team.id })
}

/**
 * Two teams that plan the same person at once take turns: each would wait for the other's half-written shift, and PostgreSQL would end one of
 * the two. In the order of ids, so that of two who plan the same people the second waits from the first on.
 */
async function lockPeople(ctx: Ctx, cells: readonly PlannedCell[]): Promise<void> {
  const keys = [...new Set(cells.map(({ accountId }) => `shifts:${accountId}`))].sort()
  await ctx.trx.raw('select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(?::text[]) as key', [keys])
}

/** Who gets shifts is a member, and stays one until this is done; a cell of somebody who left may only be cleared. */
async function checkMembers(ctx: Ctx, teamId: string, cells: readonly PlannedCell[]): Promise<void> {
  const ids = [...new Set(cells.filter(({ shifts }) => shifts.length > 0).map(({ accountId }) => accountId))]
  const rows = await MemberRow.query(ctx.trx).where({ team_id: teamId }).whereIn('account_id', ids).forShare().select('account_id')
  const missing = ids.filter((id) => !rows.some((row) => row.account_id === id))
  if (missing.length > 0) throw new Invalid('not_a_member', 'not a member of this team', { accountIds: missing })
}

const overlaps = (conflicts: readonly { accountId: string; day: string }[]) =>
  new Conflict('shift_overlaps', 'this person has another shift at that time', { conflicts })

function refuseOverlapsAmong(shifts: readonly NewShift[]): void {
  const inOrder = shifts.toSorted((a, b) => (a.account_id + a.starts_at < b.account_id + b.starts_at ? -1 : 1))
  const second = inOrder.find((shift, index) => {
    const before = inOrder[index - 1]
    return before?.account_id === shift.account_id && before.ends_at > shift.starts_at
  })
  if (second) throw overlaps([{ accountId: second.account_id, day: second.day }])
}

async function write(ctx: Ctx, team: TeamRow, gone: readonly LoadedShift[], fresh: readonly NewShift[]): Promise<void> {
  const goneIds = gone.map(({ id }) => id)
  try {
    await ctx.trx.transaction(async (inner) => {
      await inner('shifts').whereIn('id', goneIds).delete()
      await inner.raw(
        `insert into shifts (id, team_id, account_id, day, template_id, starts_at, ends_at)
         select id, ?, account_id, day, template_id, starts_at, ends_at from json_to_recordset(?::json)
           as t(id uuid, account_id uuid, day date, template_id uuid, starts_at timestamptz, ends_at timestamptz)`,
        [team.id, JSON.stringify(fresh)],
      )
    })
  } catch (error) {
    if (refusedBy(error) !== 'shifts_overlap') throw error
    throw overlaps(await elsewhere(ctx, fresh, goneIds))
  }
  await voidSwaps(ctx, goneIds)
}

const conflictRows = z.object({ rows: z.array(z.object({ account_id: z.string(), day: z.string() })) })

/** Which of these meet shifts that stay: the person may be planned in another team, or in the weeks beside. */
export async function elsewhere(
  ctx: Pick<Ctx, 'trx'>,
  shifts: readonly NewShift[],
  except: readonly string[],
): Promise<{ accountId: string; day: string }[]> {
  const answer: unknown = await ctx.trx.raw(
    `select distinct t.account_id, t.day::text as day
     from json_to_recordset(?::json) as t(account_id uuid, day date, starts_at timestamptz, ends_at timestamptz)
     join shifts s on s.account_id = t.account_id and tstzrange(s.starts_at, s.ends_at) && tstzrange(t.starts_at, t.ends_at)
     where s.id <> all(?::uuid[]) order by 2, 1 limit 50`,
    [JSON.stringify(shifts), [...except]],
  )
  return conflictRows.parse(answer).rows.map(({ account_id: accountId, day }) => ({ accountId, day }))
}

/** Each person whose week is different now hears of it once. */
async function tell(ctx: Ctx<StaffActor>, team: TeamRow, week: string, changed: readonly { account_id: string }[]): Promise<void> {
  await notify(ctx, {
    to: changed.map((shift) => shift.account_id).filter((id) => id !== ctx.actor.accountId),
    kind: 'shift.changed',
    params: { team: team.name, week, by: ctx.actor.name },
    link: `/teams/${team.id}/shifts?week=${week}`,
    key: `shift.changed:${team.id}:${week}:${ctx.now.toISOString()}`,
  })
}
