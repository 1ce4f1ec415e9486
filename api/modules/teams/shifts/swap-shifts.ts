/** Members swap shifts: asked and approved, or done at once by who plans them (BP-007.5). */
import { z } from 'zod'
import type { shiftSwapCreate, shiftSwapDecision } from '../../../contract/team.ts'
import { addDays } from '../../../core/business-time/index.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Forbidden, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { notify } from '../../notifications/index.ts'
import { explaining } from '../database-errors.ts'
import { MemberRow, type TeamRow } from '../model.ts'
import { checkVersion, may, standingOf, teamFor } from '../policy.ts'
import { objectOf } from '../team-facts.ts'
import { touchRosters, voidSwaps } from './forget-shifts.ts'
import { type LoadedShift, selectShifts, shiftRow } from './load-shifts.ts'
import { type ShownShift, SwapRow } from './model.ts'

type Wish = z.output<typeof shiftSwapCreate>

/** Locked, in the order of their ids: two swaps that meet wait for each other and do not deadlock. */
async function lockShifts(ctx: Ctx, teamId: string, ids: readonly string[]): Promise<LoadedShift[]> {
  const rows: unknown = await selectShifts(ctx.trx)
    .whereIn('s.id', [...ids])
    .where('s.team_id', teamId)
    .orderBy('s.id')
    .forUpdate('s')
  const found = z.array(shiftRow).parse(rows)
  return ids.flatMap((id) => found.find((row) => row.id === id) ?? [])
}

const shownAs = (shift: LoadedShift): ShownShift => ({
  id: shift.id,
  day: shift.day,
  startsAt: shift.starts_at.toISOString(),
  endsAt: shift.ends_at.toISOString(),
  template: shift.template_name,
})

const changed = () => new Conflict('shift_changed', 'the shift is not as you saw it, or has begun')

/**
 * Asks for a swap, or does it (`direct`).
 * @throws NotFound, Forbidden; Conflict `shift_changed`, `shift_overlaps`, `conflict` when the shift is asked for already; Invalid `not_a_member`
 */
export async function createSwap(ctx: Ctx<StaffActor>, teamId: string, wish: Wish): Promise<SwapRow> {
  const team = await teamFor(ctx, teamId, 'view')
  const shifts = await lockShifts(ctx, teamId, [wish.shift.id, ...(wish.inReturn ? [wish.inReturn.id] : [])])
  const [shift, inReturn] = shifts
  if (!shift || (wish.inReturn && !inReturn)) throw new NotFound('shift')
  const planner = may(await standingOf(ctx), team, 'planShifts')
  if (!planner && (wish.direct || shift.account_id !== ctx.actor.accountId))
    throw new Forbidden('forbidden', 'you may ask for your own shifts only')
  if (!isAsSeen(wish, shift, inReturn) || shifts.some((each) => each.starts_at <= ctx.now)) throw changed()
  await checkOther(ctx, teamId, shift.account_id, wish.toAccountId)
  const row = await insertSwap(ctx, { teamId, wish, shifts: [shift, ...(inReturn ? [inReturn] : [])] })
  if (wish.direct) return exchange(ctx, team, row, shifts)
  await tellRequest(ctx, team, row)
  return row
}

function isAsSeen(wish: Wish, shift: LoadedShift, inReturn: LoadedShift | undefined): boolean {
  if (shift.version !== wish.shift.version) return false
  return !inReturn || (inReturn.version === wish.inReturn?.version && inReturn.account_id === wish.toAccountId)
}

async function checkOther(ctx: Ctx, teamId: string, from: string, to: string): Promise<void> {
  const member = await MemberRow.query(ctx.trx).findById([teamId, to]).forShare()
  if (!member || from === to) throw new Invalid('not_a_member', 'not another member of this team', { accountIds: [to] })
}

async function insertSwap(
  ctx: Ctx<StaffActor>,
  swap: { teamId: string; wish: Wish; shifts: [LoadedShift, ...LoadedShift[]] },
): Promise<SwapRow> {
  const { wish, shifts } = swap
  return explaining({ shift_swaps_one_request: () => new Conflict('conflict', 'a swap of this shift waits for an answer') }, () =>
    SwapRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      team_id: swap.teamId,
      shift_id: shifts[0].id,
      from_account_id: shifts[0].account_id,
      to_account_id: wish.toAccountId,
      return_shift_id: wish.inReturn?.id ?? null,
      reason: wish.reason,
      shown: shifts.map(shownAs),
      state: 'requested',
      requested_by: ctx.actor.accountId,
      created_at: ctx.now,
    }),
  )
}

const settle = async (ctx: Ctx<StaffActor>, row: SwapRow, state: SwapRow['state']): Promise<SwapRow> =>
  row.$query(ctx.trx).patchAndFetch({ state, decided_by: ctx.actor.accountId, decided_at: ctx.now, version: row.version + 1 })

/**
 * Decides an open request. An approval that comes too late makes it `void`.
 * @throws NotFound, Forbidden; Conflict `swap_decided`, `version_conflict`, `shift_overlaps`
 */
export async function decideSwap(
  ctx: Ctx<StaffActor>,
  teamId: string,
  id: string,
  wish: z.output<typeof shiftSwapDecision>,
): Promise<SwapRow> {
  const team = await teamFor(ctx, teamId, 'view')
  const row = await SwapRow.query(ctx.trx).findOne({ id, team_id: teamId }).forUpdate()
  if (!row) throw new NotFound('swap')
  const planner = may(await standingOf(ctx), team, 'planShifts')
  const me = ctx.actor.accountId
  const allowed = {
    approve: planner,
    // The other one has a word in it, too.
    refuse: planner || row.to_account_id === me,
    cancel: planner || row.requested_by === me,
  }
  if (!allowed[wish.decision]) throw new Forbidden('forbidden', 'this is not yours to decide')
  if (row.state !== 'requested') throw new Conflict('swap_decided', 'this swap was decided', { state: row.state })
  checkVersion(row, wish.version)
  if (wish.decision !== 'approve') {
    const settled = await settle(ctx, row, wish.decision === 'refuse' ? 'refused' : 'cancelled')
    await record(ctx, { action: `team.shift_swap_${settled.state}`, object: objectOf(team), after: { swapId: id } })
    return settled
  }
  const shifts = await lockShifts(ctx, teamId, [row.shift_id, ...(row.return_shift_id === null ? [] : [row.return_shift_id])])
  const holders = [row.from_account_id, ...(row.return_shift_id === null ? [] : [row.to_account_id])]
  const stands =
    shifts.length === holders.length && shifts.every((shift, index) => shift.account_id === holders[index] && shift.starts_at > ctx.now)
  if (!stands) return settle(ctx, row, 'void')
  await checkOther(ctx, teamId, row.from_account_id, row.to_account_id)
  return exchange(ctx, team, row, shifts)
}

/** Both at once: halfway through, one person may hold two shifts that overlap, so the database looks when both are done. */
async function exchange(ctx: Ctx<StaffActor>, team: TeamRow, row: SwapRow, shifts: readonly LoadedShift[]): Promise<SwapRow> {
  const ids = shifts.map(({ id }) => id)
  await explaining(
    { shifts_overlap: () => new Conflict('shift_overlaps', 'one of them has another shift at that time', { conflicts: [] }) },
    async () => {
      await ctx.trx.raw('set constraints shifts_overlap deferred')
      await ctx.trx.raw(
        `update shifts set account_id = case id when ? then ?::uuid else ?::uuid end, version = version + 1 where id = any(?::uuid[])`,
        [row.shift_id, row.to_account_id, row.from_account_id, ids],
      )
      await ctx.trx.raw('set constraints shifts_overlap immediate')
    },
  )
  await voidSwaps(ctx, ids, row.id)
  await touchRosters(
    ctx,
    team.id,
    shifts.map(({ day }) => mondayOf(day)),
  )
  const settled = await settle(ctx, row, 'approved')
  await record(ctx, {
    action: 'team.shift_swapped',
    object: objectOf(team),
    after: { from: row.from_account_id, to: row.to_account_id, shifts: row.shown, swapId: row.id },
  })
  await notify(ctx, {
    to: [row.from_account_id, row.to_account_id].filter((id) => id !== ctx.actor.accountId),
    kind: 'shift.changed',
    params: { team: team.name, week: mondayOf(row.shown[0]?.day ?? ''), by: ctx.actor.name },
    link: `/teams/${team.id}/shifts`,
    key: `shift.swapped:${row.id}`,
  })
  return settled
}

const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

async function tellRequest(ctx: Ctx<StaffActor>, team: TeamRow, row: SwapRow): Promise<void> {
  const supervisors = await MemberRow.query(ctx.trx).where({ team_id: team.id, role: 'supervisor' }).select('account_id')
  await notify(ctx, {
    to: [row.to_account_id, ...supervisors.map((member) => member.account_id)].filter((id) => id !== ctx.actor.accountId),
    kind: 'shift.swap_requested',
    params: { team: team.name, by: ctx.actor.name, day: row.shown[0]?.day ?? '' },
    link: `/teams/${team.id}/shifts/swaps`,
    key: `shift.swap_requested:${row.id}`,
  })
}
