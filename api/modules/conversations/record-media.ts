/** A platform's picture, voice or video has been stored, or given up: the message shows it. */
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import type { Media } from '../../contract/message.ts'
import { type ClaimedDownload, finishDownload, postponeDownload } from '../channels/index.ts'
import { adoptAttachment, mediaOf } from '../files/index.ts'
import { announceMessages } from './announce.ts'
import { MessageRow } from './model.ts'

/** @param stored.durationMs of a voice or video, where it is known */
export async function recordMedia(app: App, claim: ClaimedDownload, stored: { attachmentId: string; durationMs?: number }): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    if (!(await finishDownload(ctx.trx, claim))) return
    await showMedia(ctx, claim, async (_before, conversationId) => {
      const file = await adoptAttachment(ctx.trx, stored.attachmentId, conversationId)
      return { ...mediaOf(file), ...(stored.durationMs === undefined ? {} : { durationMs: stored.durationMs }) }
    })
  })
}

/**
 * A try failed. The last one is told in the message, in the same transaction: no part stays "pending" for ever.
 * @returns whether it was the last
 */
export async function recordMediaFailure(app: App, claim: ClaimedDownload, reason: string, final: boolean): Promise<boolean> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const givenUp = await postponeDownload(ctx.trx, claim, reason, final)
    if (givenUp) await showMedia(ctx, claim, (before) => Promise.resolve({ ...before, status: 'failed', reason }))
    return givenUp
  })
}

async function showMedia(
  ctx: Ctx,
  claim: ClaimedDownload,
  change: (before: Media, conversationId: string) => Promise<Media>,
): Promise<void> {
  const row = await MessageRow.query(ctx.trx).findById(claim.message_id).forNoKeyUpdate()
  const part = row?.parts[claim.part_index]
  if (!row || !part || !('media' in part)) return
  const media = await change(part.media, row.conversation_id)
  const parts = row.parts.map((each, index) => (index === claim.part_index ? { ...part, media } : each))
  await announceMessages(ctx, row.conversation_id, [await row.$query(ctx.trx).patchAndFetch({ parts, version: row.version + 1 })])
}
