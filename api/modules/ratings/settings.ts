import { z } from 'zod'
import { RATING_LEVELS, type RatingReason, type ratingSettingsPatch, type RatingSettings } from '../../contract/rating.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { changesOf, record } from '../audit/index.ts'
import { checkEntries } from '../settings/index.ts'
import { SettingsRow } from './model.ts'

const reasonRows = z.object({
  rows: z.array(
    z.object({ id: z.string(), label_zh: z.string(), label_en: z.string(), level: z.enum(RATING_LEVELS), disabled: z.boolean() }),
  ),
})

/** Reasons and for which score each is offered, in their order; with those whose entry is disabled by now. */
export async function ratingReasons(ctx: Ctx): Promise<(RatingReason & { disabled: boolean })[]> {
  const { rows } = reasonRows.parse(
    await ctx.trx.raw(
      `select l.entry_id as id, e.label_zh, e.label_en, l.level, e.disabled_at is not null as disabled
       from rating_reason_levels l join dictionary_entries e on e.id = l.entry_id order by l.position, l.entry_id`,
    ),
  )
  return rows.map(({ id, label_zh: labelZh, label_en: labelEn, level, disabled }) => ({ id, labelZh, labelEn, level, disabled }))
}

export const settingsOf = async (ctx: Ctx): Promise<SettingsRow> => SettingsRow.query(ctx.trx).first().throwIfNotFound()

export async function ratingSettings(ctx: Ctx): Promise<RatingSettings> {
  const row = await settingsOf(ctx)
  return {
    scale: row.scale,
    expiresHours: row.expires_hours,
    notifyLow: row.notify_low,
    texts: row.texts,
    reasons: await ratingReasons(ctx),
    version: row.version,
  }
}

const factsOf = ({ scale, expiresHours, notifyLow, texts, reasons }: RatingSettings) => ({
  scale,
  expiresHours,
  notifyLow,
  ...texts,
  reasons: reasons.map(({ labelZh, level }) => `${level}: ${labelZh}`),
})

type Texts = RatingSettings['texts']
const textsWith = (texts: Texts, given: { [K in keyof Texts]?: Texts[K] | undefined }): Texts => ({
  invite: given.invite ?? texts.invite,
  thanksLow: given.thanksLow ?? texts.thanksLow,
  thanksMiddle: given.thanksMiddle ?? texts.thanksMiddle,
  thanksHigh: given.thanksHigh ?? texts.thanksHigh,
  late: given.late ?? texts.late,
})

/** Invitations that are out keep the scale and the expiry they were sent with. @throws Conflict `version_conflict`; Invalid `entry_unknown` */
export async function changeSettings(ctx: Ctx<StaffActor>, patch: z.output<typeof ratingSettingsPatch>): Promise<RatingSettings> {
  const row = await SettingsRow.query(ctx.trx).first().forUpdate().throwIfNotFound()
  if (row.version !== patch.version)
    throw new Conflict('version_conflict', 'somebody else changed these settings', { version: row.version })
  const before = await ratingSettings(ctx)
  if (patch.reasons) await replaceReasons(ctx, patch.reasons)
  await SettingsRow.query(ctx.trx).patch({
    ...(patch.scale === undefined ? {} : { scale: patch.scale }),
    ...(patch.expiresHours === undefined ? {} : { expires_hours: patch.expiresHours }),
    ...(patch.notifyLow === undefined ? {} : { notify_low: patch.notifyLow }),
    ...(patch.texts === undefined ? {} : { texts: textsWith(row.texts, patch.texts) }),
    version: row.version + 1,
    updated_at: ctx.now,
  })
  const after = await ratingSettings(ctx)
  await record(ctx, {
    action: 'rating_settings.changed',
    object: { kind: 'rating_settings' },
    ...changesOf(factsOf(before), factsOf(after)),
  })
  return after
}

async function replaceReasons(ctx: Ctx, reasons: readonly { id: string; level: string }[]): Promise<void> {
  const ids = reasons.map(({ id }) => id)
  if (new Set(ids).size !== ids.length) throw new Invalid('invalid_request', 'a reason is named twice')
  const known = (await ratingReasons(ctx)).map(({ id }) => id)
  await checkEntries(ctx, 'rating_reason', ids, known)
  await ctx.trx('rating_reason_levels').delete()
  const rows = reasons.map(({ id, level }, index) => ({ entry_id: id, level, position: index + 1 }))
  if (rows.length > 0) await ctx.trx('rating_reason_levels').insert(rows)
}
