import type { ChannelCapabilities } from '#api/contract/conversation.ts'

const MEGABYTE = 1024 * 1024
const MINUTE = 60
const HOURS_48 = 172_800

/** By part, the extension of each media type that the platform takes as it is. */
export const VOICE_TYPES: ReadonlyMap<string, string> = new Map([
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
  ['audio/amr', 'amr'],
])
export const VIDEO_TYPES: ReadonlyMap<string, string> = new Map([['video/mp4', 'mp4']])

/** `file` is our own limit: it is a link. */
export const MAX_FILE_BYTES = { image: 10 * MEGABYTE, audio: 2 * MEGABYTE, video: 10 * MEGABYTE, file: 20 * MEGABYTE }

/**
 * What a 公众号 can carry. The platform knows no file message (files go out as a link), no receipt for customer-service messages and no recall.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
 */
export const capabilities: ChannelCapabilities = {
  parts: ['text', 'image', 'audio', 'video', 'link', 'menu', 'card', 'template'],
  maxTextBytes: 2048,
  maxFileBytes: MAX_FILE_BYTES,
  fileTypes: { audio: [...VOICE_TYPES.keys()], video: [...VIDEO_TYPES.keys()] },
  filesAsLinks: true,
  recall: false,
  readReceipts: false,
  typing: true,
  replyAllowances: {
    message: { seconds: HOURS_48, count: 5 },
    menu: { seconds: MINUTE, count: 3 },
    follow: { seconds: MINUTE, count: 3 },
    scan: { seconds: MINUTE, count: 3 },
  },
  templates: true,
}
