import type { Knex } from 'knex'
import { ChannelAccountRow } from './model.ts'

/** What the last contact with the platform showed; written only when it changes or is a minute old. */
export const recordHealth = async (trx: Knex, accountId: string, health: 'ok' | 'failing', reason: string | null): Promise<void> => {
  await ChannelAccountRow.query(trx)
    .findById(accountId)
    .where((builder) =>
      builder
        .whereNot('health', health)
        .orWhereNull('health_checked_at')
        .orWhere('health_checked_at', '<', trx.raw(`app_now() - interval '1 minute'`)),
    )
    .patch({ health, health_reason: reason, health_checked_at: trx.raw('app_now()') })
}

/** The platform's quota of the account is spent: nothing is sent before. */
export const pauseAccount = async (trx: Knex, accountId: string, until: Date): Promise<void> => {
  await ChannelAccountRow.query(trx).findById(accountId).patch({ paused_until: until })
}
