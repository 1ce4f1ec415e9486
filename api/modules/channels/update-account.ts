import { UniqueViolationError } from 'objection'
import type { z } from 'zod'
import type { channelAccountPatch } from '../../contract/channel.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { ChannelAccountRow } from './model.ts'
import { kindOf, openSettings, sealSettings } from './settings.ts'

/**
 * Changes an account. Settings given replace, absent ones stay; a secret is kept by leaving it out.
 * @throws Conflict `version_conflict` when somebody else changed it meanwhile
 */
export async function updateAccount(ctx: Ctx, id: string, patch: z.infer<typeof channelAccountPatch>): Promise<ChannelAccountRow> {
  const row = await ChannelAccountRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row) throw new NotFound('channel account')
  if (row.version !== patch.version) throw new Conflict('version_conflict', 'somebody else changed this channel', { version: row.version })
  const settings = patch.config
    ? sealSettings(ctx.app, kindOf(ctx.app, row.kind), id, { ...openSettings(ctx.app, row), ...patch.config })
    : {}
  try {
    return await row.$query(ctx.trx).patchAndFetch({
      ...settings,
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(patch.status === undefined ? {} : { status: patch.status }),
      ...(patch.showAgentName === undefined ? {} : { show_agent_name: patch.showAgentName }),
      version: row.version + 1,
      updated_at: ctx.now,
    })
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('name_taken', 'another channel has this name', { name: patch.name })
    throw error
  }
}

/** Seals every account's secrets under the newest key. @returns how many were changed */
export async function rotateSecrets(ctx: Ctx): Promise<number> {
  const rows = await ChannelAccountRow.query(ctx.trx).orderBy('id').forNoKeyUpdate()
  const old = rows.filter((row) => !ctx.app.secrets.isCurrent(row.sealed_secrets))
  for (const row of old) {
    await row.$query(ctx.trx).patch({ sealed_secrets: ctx.app.secrets.seal(ctx.app.secrets.open(row.sealed_secrets, row.id), row.id) })
  }
  return old.length
}
