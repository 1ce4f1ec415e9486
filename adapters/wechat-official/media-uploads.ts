import type { Media } from '#api/contract/message.ts'
import type { ChannelContext, StoredFile } from '../contract/context.ts'
import { PermanentFailure } from '../contract/failures.ts'
import type { OfficialAccount } from './connection.ts'
import { forgetMedia, uploadedMedia } from './media.ts'
import { plainCover, type MediaKind } from './uploadable-file.ts'

const PLAIN_COVER_ID = 'plain-cover'

/** The media that one message needs, and which of their ids came from the cache. */
export class MediaUploads {
  private readonly account: OfficialAccount
  private readonly ctx: ChannelContext
  private readonly cached: { kind: MediaKind; key: string }[] = []

  constructor(account: OfficialAccount, ctx: ChannelContext) {
    this.account = account
    this.ctx = ctx
  }

  /** @throws PermanentFailure `media_refused` */
  idOf(kind: MediaKind, media: Media): Promise<string> {
    const attachmentId = media.attachmentId
    if (attachmentId === undefined) throw new PermanentFailure('media_refused', 'no stored file')
    return this.upload(kind, attachmentId, () => this.ctx.files.open(attachmentId))
  }

  /** Cover of a message; a plain one where none was chosen. */
  coverOf(media: Media | undefined): Promise<string> {
    if (media?.attachmentId !== undefined) return this.idOf('thumb', media)
    return this.upload('thumb', PLAIN_COVER_ID, async () => plainCover)
  }

  /** Forgets the ids that came from the cache. False when there were none, so that trying again would change nothing. */
  async forgetCached(): Promise<boolean> {
    await Promise.all(this.cached.map(({ kind, key }) => forgetMedia(this.account, kind, key, this.ctx)))
    return this.cached.length > 0
  }

  private async upload(kind: MediaKind, key: string, open: () => Promise<StoredFile>): Promise<string> {
    const media = await uploadedMedia(this.account, { kind, key, open }, this.ctx)
    if (media.cached) this.cached.push({ kind, key })
    return media.id
  }
}
