import type { App } from '../../core/app.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { finishDownload, type ClaimedDownload } from '../channels/index.ts'
import { adoptAttachment, mediaOf } from '../files/index.ts'
import type { Media } from '../../contract/message.ts'
import { announceMessages } from './announce.ts'
import { MessageRow } from './model.ts'

/** A platform's picture, voice or video has been stored, or given up: the message shows it. */
export async function recordMedia(
  app: App,
  claim: ClaimedDownload,
  result: { attachmentId: string; durationMs?: number } | { failed: string },
): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    const row = await MessageRow.query(ctx.trx).findById(claim.message_id).forUpdate()
    const part = row?.parts[claim.part_index]
    if (!row || !part || !('media' in part)) return
    if ('attachmentId' in result && !(await finishDownload(ctx.trx, claim))) return
    const media: Media =
      'failed' in result ? { ...part.media, status: 'failed', reason: result.failed } : await storedMedia(result, row.conversation_id)
    const parts = row.parts.map((each, index) => (index === claim.part_index ? { ...part, media } : each))
    await announceMessages(ctx, row.conversation_id, [await row.$query(ctx.trx).patchAndFetch({ parts, version: row.version + 1 })])

    async function storedMedia(stored: { attachmentId: string; durationMs?: number }, conversationId: string): Promise<Media> {
      const file = await adoptAttachment(ctx.trx, stored.attachmentId, conversationId)
      return { ...mediaOf(file), ...(stored.durationMs === undefined ? {} : { durationMs: stored.durationMs }) }
    }
  })
}
