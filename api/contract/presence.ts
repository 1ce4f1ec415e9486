/** Who is there, since when and why. */
import { z } from 'zod'
import { daySchema } from './calendar.ts'
import { PRESENCE_STATUSES } from './identity.ts'
import { safeText } from './message.ts'
import { person } from './routing.ts'

export const PRESENCE_CAUSES = ['self', 'supervisor', 'absent', 'idle', 'disabled'] as const
export type PresenceCause = (typeof PRESENCE_CAUSES)[number]
/** A supervisor changes somebody's status; the note is shown to him and kept. */
export const staffPresencePut = z.strictObject({ status: z.enum(PRESENCE_STATUSES), note: safeText(200, 1) })
export const presenceLogQuery = z.strictObject({ day: daySchema.optional() })
/** One day of the company's time zone: periods that touch it, cut to it, and their sums in whole seconds. */
export const presenceLogSchema = z.object({
  day: daySchema,
  periods: z.array(
    z.object({
      id: z.uuid(),
      status: z.enum(PRESENCE_STATUSES),
      reason: z.string().nullable(),
      cause: z.enum(PRESENCE_CAUSES),
      by: person.nullable(),
      note: z.string().nullable(),
      startedAt: z.iso.datetime(),
      /** Null: it goes on. */
      endedAt: z.iso.datetime().nullable(),
      seconds: z.int().nonnegative(),
    }),
  ),
  totals: z.object({
    online: z.int().nonnegative(),
    busy: z.int().nonnegative(),
    break: z.int().nonnegative(),
    offline: z.int().nonnegative(),
  }),
})
export type PresenceLog = z.infer<typeof presenceLogSchema>
export const presenceSettingsSchema = z.object({
  /** A browser gone without a word: so long his work stays his. */
  graceSeconds: z.int(),
  /** Idle so long: away; null: never. */
  awayMinutes: z.int().nullable(),
  version: z.int().positive(),
})
export const presenceSettingsPut = z.strictObject({
  graceSeconds: z.int().min(30).max(86_400),
  awayMinutes: z.int().min(1).max(1440).nullable(),
  version: z.int().positive(),
})
