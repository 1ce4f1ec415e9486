import type { ChannelCapabilities } from '#api/contract/conversation.ts'
import type { MessagePart, MessagePartInput } from '#api/contract/message.ts'
import type { Upload } from '../../stores/uploads.ts'
import { partKind } from './upload-rules.ts'

/** What is sent: the id of the stored file. Empty while there is none. */
export const attachmentPart = ({ attachment }: Upload, capabilities: ChannelCapabilities): MessagePartInput[] =>
  attachment === null ? [] : [{ type: partKind(attachment.mime, capabilities), attachmentId: attachment.id }]

/** What the bubble shows until the server's message is here. */
export const previewPart = ({ attachment }: Upload, capabilities: ChannelCapabilities): MessagePart[] => {
  if (attachment === null) return []
  const { url, thumbnailUrl, name, mime, sizeBytes, width, height } = attachment
  const media = {
    status: 'ready' as const,
    url,
    name,
    mime,
    sizeBytes,
    ...(thumbnailUrl === null ? {} : { thumbnailUrl }),
    ...(width === null ? {} : { width }),
    ...(height === null ? {} : { height }),
  }
  return [{ type: partKind(mime, capabilities), media }]
}
