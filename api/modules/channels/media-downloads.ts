/** Media that a platform named: fetched after the acknowledgement, retried, given up with a reason. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'

export const DOWNLOAD_TOPIC = 'download'
const LEASE_SECONDS = 90
const MAX_ATTEMPTS = 6

export interface NewDownload {
  messageId: string
  partIndex: number
  channelAccountId: string
  ref: object
}

export async function createDownloads(trx: Knex, downloads: readonly NewDownload[]): Promise<void> {
  if (downloads.length === 0) return
  await trx('media_downloads').insert(
    downloads.map(({ messageId, partIndex, channelAccountId, ref }) => ({
      id: newId(),
      message_id: messageId,
      part_index: partIndex,
      channel_account_id: channelAccountId,
      ref: JSON.stringify(ref),
    })),
  )
}

const refSchema = z.object({
  id: z.string(),
  format: z.string().optional(),
  thumbId: z.string().optional(),
  type: z.enum(['image', 'audio', 'video', 'file']),
  name: z.string().optional(),
})
const claimedSchema = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      message_id: z.string(),
      part_index: z.number(),
      channel_account_id: z.string(),
      ref: refSchema,
      attempts: z.number(),
    }),
  ),
})
export type ClaimedDownload = z.infer<typeof claimedSchema>['rows'][number]

export async function claimDownloads(trx: Knex, limit: number): Promise<ClaimedDownload[]> {
  const { rows } = claimedSchema.parse(
    await trx.raw(
      `update media_downloads d set state = 'fetching', lease_until = app_now() + ? * interval '1 second', attempts = d.attempts + 1
       from (select id from media_downloads
             where (state = 'queued' and next_attempt_at <= app_now()) or (state = 'fetching' and lease_until < app_now())
             order by next_attempt_at limit ? for update skip locked) due
       where d.id = due.id
       returning d.id, d.message_id, d.part_index, d.channel_account_id, d.ref, d.attempts`,
      [LEASE_SECONDS, limit],
    ),
  )
  return rows
}

/** @returns whether this was the last try, so that the message says so */
export async function postponeDownload(trx: Knex, claim: ClaimedDownload, reason: string, final: boolean): Promise<boolean> {
  const givenUp = final || claim.attempts >= MAX_ATTEMPTS
  await trx('media_downloads')
    .where({ id: claim.id, attempts: claim.attempts, state: 'fetching' })
    .update({
      state: givenUp ? 'failed' : 'queued',
      lease_until: null,
      reason: reason.slice(0, 300),
      next_attempt_at: trx.raw(`app_now() + ? * interval '1 second'`, [5 * 4 ** (claim.attempts - 1) * (0.75 + Math.random() / 2)]),
    })
  return givenUp
}

export const finishDownload = async (trx: Knex, claim: ClaimedDownload): Promise<boolean> =>
  (await trx('media_downloads')
    .where({ id: claim.id, attempts: claim.attempts, state: 'fetching' })
    .update({ state: 'done', lease_until: null })) === 1
