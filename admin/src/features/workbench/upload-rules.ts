/** Which part a file becomes on a channel, and whether it may. Pure. */
import { MAX_UPLOAD_BYTES } from '#api/contract/upload-limit.ts'
import type { ChannelCapabilities } from '#api/contract/conversation.ts'

export type FileKind = 'image' | 'audio' | 'video' | 'file'
export type FileProblem = { code: 'empty' } | { code: 'too_large'; maxBytes: number } | { code: 'unsupported'; kind: FileKind }

/** What one reply may hold (`replyRequest.parts`). */
export const MAX_PARTS = 9

const naturalKind = (mime: string): FileKind => {
  const family = mime.split('/')[0]
  if (family === 'image' && mime !== 'image/svg+xml') return 'image'
  return family === 'audio' || family === 'video' ? family : 'file'
}

type Carried = Pick<ChannelCapabilities, 'parts' | 'fileTypes'>

/** A channel that knows no video, or not this kind of it, still takes it as a file. */
export const partKind = (mime: string, { parts, fileTypes }: Carried): FileKind => {
  const kind = naturalKind(mime)
  const types = fileTypes?.[kind]
  return parts.includes(kind) && (types === undefined || types.includes(mime)) ? kind : 'file'
}

export const fileProblem = (
  file: { size: number; type: string },
  capabilities: Carried & Pick<ChannelCapabilities, 'maxFileBytes' | 'filesAsLinks'>,
): FileProblem | null => {
  if (file.size === 0) return { code: 'empty' }
  const kind = partKind(file.type, capabilities)
  if (!capabilities.parts.includes(kind) && !(kind === 'file' && capabilities.filesAsLinks)) return { code: 'unsupported', kind }
  const maxBytes = Math.min(MAX_UPLOAD_BYTES, capabilities.maxFileBytes[kind] ?? MAX_UPLOAD_BYTES)
  return file.size > maxBytes ? { code: 'too_large', maxBytes } : null
}
