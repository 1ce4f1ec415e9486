import { z } from 'zod'
import type { presenceSettingsPut, presenceSettingsSchema } from '../../../contract/presence.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { changesOf, record } from '../../audit/index.ts'
import { checkMayChange } from '../scope.ts'

type Settings = z.infer<typeof presenceSettingsSchema>
const rows = z.tuple([z.object({ grace_seconds: z.number(), away_minutes: z.number().nullable(), version: z.number() })])

export async function presenceSettings(ctx: Pick<Ctx, 'trx'>): Promise<Settings> {
  const [row] = rows.parse(await ctx.trx('presence_settings').select('grace_seconds', 'away_minutes', 'version'))
  return { graceSeconds: row.grace_seconds, awayMinutes: row.away_minutes, version: row.version }
}

/** They bind the whole house. @throws Forbidden; Conflict `version_conflict` */
export async function changePresenceSettings(ctx: Ctx<StaffActor>, input: z.output<typeof presenceSettingsPut>): Promise<Settings> {
  await checkMayChange(ctx, [null])
  const before = await presenceSettings(ctx)
  const changed = await ctx
    .trx('presence_settings')
    .where({ version: input.version })
    .update({ grace_seconds: input.graceSeconds, away_minutes: input.awayMinutes, version: input.version + 1 })
  if (changed === 0) throw new Conflict('version_conflict', 'somebody else changed these settings', { version: before.version })
  const after = await presenceSettings(ctx)
  const facts = ({ graceSeconds, awayMinutes }: Settings) => ({ graceSeconds, awayMinutes })
  const changes = changesOf(facts(before), facts(after))
  if (changes) await record(ctx, { action: 'presence.settings_changed', object: { kind: 'presence_settings' }, ...changes })
  return after
}
