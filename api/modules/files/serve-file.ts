import type { ResponseObject, ResponseToolkit } from '@hapi/hapi'
import type { App } from '../../core/app.ts'
import { NotFound } from '../../core/errors.ts'
import type { Variant } from './links.ts'
import type { AttachmentRow } from './model.ts'

/** Shown inside a page; everything else is offered for saving. */
const INLINE = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/bmp',
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/wav',
  'audio/amr',
  'audio/speex',
  'audio/ogg',
  'video/mp4',
  'video/webm',
  'video/quicktime',
])

/** RFC 6266: an ASCII fallback and the real name in UTF-8; nothing of the name can end the header. */
function disposition(name: string, mime: string): string {
  const fallback = name.replace(/[^\x20-\x7e]|["\\%;]/g, '_')
  return `${INLINE.has(mime) ? 'inline' : 'attachment'}; filename="${fallback}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())}`
}

/** The bytes, under headers that keep a browser from running them. */
export async function serveFile(app: App, h: ResponseToolkit, row: AttachmentRow, variant: Variant): Promise<ResponseObject> {
  const thumbnail = variant === 'thumbnail'
  const key = thumbnail ? row.thumbnail_key : row.storage_key
  if (key === null) throw new NotFound('attachment')
  const mime = thumbnail ? 'image/jpeg' : row.mime
  const response = h.response(await app.storage.stream(key))
  if (!thumbnail) response.bytes(Number(row.size_bytes))
  response.charset('')
  return response
    .type(mime)
    .header('content-disposition', disposition(row.name, mime))
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('cache-control', 'private, max-age=3600')
}
