import { z } from 'zod'
import { attachmentSchema } from '../../contract/attachment.ts'
import { MAX_UPLOAD_BYTES } from '../../contract/upload-limit.ts'
import { one } from '../../contract/list.ts'
import { NotFound } from '../../core/errors.ts'
import { route } from '../../core/http/route.ts'
import { linkIsGood } from './links.ts'
import { AttachmentRow } from './model.ts'
import { attachmentFor } from './policy.ts'
import { customerUrls, presentAttachment, staffUrls } from './present.ts'
import { readUpload } from '../../core/http/read-upload.ts'
import { serveFile } from './serve-file.ts'
import { storeFile } from './store-file.ts'

const idParams = z.strictObject({ id: z.uuid() })
const variant = z.enum(['original', 'thumbnail'])

export const routes = [
  route({
    method: 'POST',
    path: '/api/v1/attachments',
    summary: 'Upload one file (multipart, field `file`), to be sent in a message',
    tag: 'attachments',
    auth: { permission: 'conversations.reply' },
    transaction: 'none',
    status: 201,
    upload: { maxBytes: MAX_UPLOAD_BYTES },
    limit: { per: 'actor', max: 120, windowSeconds: 60 },
    response: one(attachmentSchema),
    errors: ['file_type_refused', 'file_empty', 'file_name_refused', 'image_too_large'],
    async handle(ctx, { request }) {
      const file = await readUpload(request.payload, MAX_UPLOAD_BYTES)
      return { data: presentAttachment(await storeFile(ctx.app, { ...file, accountId: ctx.actor.accountId }), staffUrls) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/attachments',
    summary: 'Upload one file from the customer page',
    tag: 'web channel',
    auth: 'customer',
    transaction: 'none',
    status: 201,
    upload: { maxBytes: MAX_UPLOAD_BYTES },
    limit: { per: 'actor', max: 20, windowSeconds: 60 },
    response: one(attachmentSchema),
    errors: ['file_type_refused', 'file_empty', 'file_name_refused', 'image_too_large'],
    async handle(ctx, { request }) {
      const file = await readUpload(request.payload, MAX_UPLOAD_BYTES)
      const row = await storeFile(ctx.app, { ...file, identityId: ctx.actor.identityId })
      return { data: presentAttachment(row, customerUrls(ctx.app.config, ctx.now)) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/attachments/{id}/content',
    summary: 'The bytes of an attachment within my scope',
    tag: 'attachments',
    auth: 'staff',
    params: idParams,
    query: z.strictObject({ variant: variant.default('original') }),
    response: 'binary',
    handle: async (ctx, { params, query, h }) => serveFile(ctx.app, h, await attachmentFor(ctx, params.id), query.variant),
  }),
  route({
    method: 'GET',
    path: '/files/{id}/{variant}',
    summary: 'The bytes of an attachment by a signed, expiring link',
    tag: 'attachments',
    auth: 'public',
    params: z.strictObject({ id: z.uuid(), variant }),
    query: z.strictObject({ expires: z.coerce.number().int(), signature: z.string().max(100) }),
    response: 'binary',
    async handle(ctx, { params, query, h }) {
      const good = linkIsGood(ctx.app.config, { ...params, ...query }, ctx.now)
      const row = good ? await AttachmentRow.query(ctx.trx).findById(params.id) : undefined
      if (!row) throw new NotFound('attachment')
      return serveFile(ctx.app, h, row, params.variant)
    },
  }),
]
