/** The week as a sheet that `previewRoster` reads back: a filled one to change, an empty one to fill in. */
import type { Readable } from 'node:stream'
import { addDays, wallMinuteIn } from '../../../core/business-time/index.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { sheetStream } from '../../../core/spreadsheets/write-sheet.ts'
import { teamFor } from '../policy.ts'
import { type LoadedShift, shiftsOf, zoneOfTeam } from './load-shifts.ts'
import { rosterOf } from './roster.ts'

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']
const clock = (minute: number) => `${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** @throws NotFound */
export async function rosterSheet(ctx: Ctx<StaffActor>, teamId: string, week: string): Promise<{ stream: Readable; name: string }> {
  const team = await teamFor(ctx, teamId, 'view')
  const [zone, roster, shifts] = [
    await zoneOfTeam(ctx, team),
    await rosterOf(ctx, team, week),
    await shiftsOf(ctx.trx, teamId, week, addDays(week, 6)),
  ]
  const days = WEEKDAYS.map((_, index) => addDays(week, index))
  const word = (shift: LoadedShift) =>
    shift.template_name ?? `${clock(wallMinuteIn(zone, shift.day, shift.starts_at))}-${clock(wallMinuteIn(zone, shift.day, shift.ends_at))}`
  const rows = roster.members.map((member) => [
    member.name,
    ...days.map((day) =>
      shifts
        .filter((shift) => shift.account_id === member.id && shift.day === day)
        .map(word)
        .join('、'),
    ),
  ])
  const columns = [{ title: '姓名', width: 14 }, ...days.map((day, index) => ({ title: `${day} 周${WEEKDAYS[index]}`, width: 18 }))]
  return { stream: sheetStream('xlsx', { name: week, columns, rows }), name: `${team.name}-${week}.xlsx` }
}
