import type { QuickReplyPart } from '#api/contract/quick-reply.ts'
import type { ComposerPick } from '../../shared/composer-picker.ts'

/** Words go into the text, where they can still be changed; files and cards wait above it. */
export const toPick = (parts: readonly QuickReplyPart[], quickReplyId: string): ComposerPick => ({
  text: parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n'),
  parts: parts.flatMap((part): ComposerPick['parts'] => {
    if (part.type === 'text') return []
    if (part.type === 'link') return [{ input: part, preview: part }]
    const { attachmentId } = part.media
    return attachmentId === undefined ? [] : [{ input: { type: part.type, attachmentId }, preview: part }]
  }),
  quickReplyId,
})
