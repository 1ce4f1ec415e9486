import { UniqueViolationError } from 'objection'
import type { z } from 'zod'
import type { channelAccountCreate } from '../../contract/channel.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { ChannelAccountRow } from './model.ts'
import { kindOf, sealSettings } from './settings.ts'

/** @throws Invalid `channel_kind_unknown`, `channel_config_invalid`; Conflict `name_taken` */
export async function createAccount(ctx: Ctx, input: z.infer<typeof channelAccountCreate> & { id?: string }): Promise<ChannelAccountRow> {
  const id = input.id ?? newId()
  const settings = sealSettings(ctx.app, kindOf(ctx.app, input.kind), id, input.config)
  try {
    return await ChannelAccountRow.query(ctx.trx).insertAndFetch({
      id,
      kind: input.kind,
      name: input.name,
      show_agent_name: input.showAgentName ?? false,
      ...settings,
    })
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('name_taken', 'another channel has this name', { name: input.name })
    throw error
  }
}
