import type { ChannelCapabilities } from '#api/contract/conversation.ts'

const MAX_FILE_BYTES = 20 * 1024 * 1024

/** Our own page: the only bounds are those of the API itself. */
export const webCapabilities: ChannelCapabilities = {
  parts: ['text', 'image', 'audio', 'video', 'file', 'location', 'link', 'menu'],
  /** 20,000 characters of at most four bytes. */
  maxTextBytes: 80_000,
  maxFileBytes: { image: MAX_FILE_BYTES, audio: MAX_FILE_BYTES, video: MAX_FILE_BYTES, file: MAX_FILE_BYTES },
  filesAsLinks: false,
  recall: true,
  readReceipts: true,
  typing: true,
  replyAllowances: null,
  templates: false,
}
