import type { RegistrationSettings } from '../../../contract/registration.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { SettingsRow } from '../model.ts'

const present = (row: SettingsRow): RegistrationSettings => ({ archiveMatching: row.archive_matching, version: row.version })

export const registrationSettings = async (ctx: Pick<Ctx, 'trx'>): Promise<RegistrationSettings> =>
  present(await SettingsRow.query(ctx.trx).findOne({ only_row: true }).throwIfNotFound())

/** @throws Conflict `version_conflict` */
export async function changeRegistrationSettings(ctx: Ctx, patch: RegistrationSettings): Promise<RegistrationSettings> {
  const row = await SettingsRow.query(ctx.trx).findOne({ only_row: true }).forNoKeyUpdate().throwIfNotFound()
  if (row.version !== patch.version)
    throw new Conflict('version_conflict', 'somebody else changed this meanwhile', { version: row.version })
  const changed = await row
    .$query(ctx.trx)
    .patchAndFetch({ archive_matching: patch.archiveMatching, version: row.version + 1, updated_at: ctx.now })
  await record(ctx, {
    action: 'registration.settings_changed',
    object: { kind: 'registration_settings' },
    before: { archiveMatching: row.archive_matching },
    after: { archiveMatching: changed.archive_matching },
  })
  return present(changed)
}
