/** Pictures of staff (MOD-03). The file belongs to this module, whose it is to the organisation. */
import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { staffMemberSchema } from '../../contract/organisation.ts'
import { type Ctx, inTransaction, type StaffActor } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { readUpload } from '../../core/http/read-upload.ts'
import { route } from '../../core/http/route.ts'
import { changeAvatar } from '../organisation/index.ts'
import { storeFile } from './store-file.ts'

const MAX_BYTES = 5 * 1024 * 1024
const idParams = z.strictObject({ id: z.uuid() })
const errors = ['file_type_refused', 'file_empty', 'file_name_refused', 'image_too_large'] as const
const tag = 'organisation'

/** Stored before the transaction that names it: a crash leaves an unnamed file, which is swept. */
async function takePicture(ctx: Ctx<StaffActor>, accountId: string, payload: unknown) {
  const file = await readUpload(payload, MAX_BYTES)
  const picture = await storeFile(ctx.app, { ...file, accountId: ctx.actor.accountId })
  if (picture.thumbnail_key === null) throw new Invalid('file_type_refused', 'not a picture', { mime: picture.mime })
  return inTransaction(ctx.app, ctx.actor, (inside) => changeAvatar(inside, accountId, picture.id), ctx.source)
}

export const avatarRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/staff-members/{id}/avatar',
    summary: 'Give a member of staff a picture (multipart, field `file`, 5 MB)',
    tag,
    auth: { permission: 'staff.manage' },
    transaction: 'none',
    upload: { maxBytes: MAX_BYTES },
    limit: { per: 'actor', max: 60, windowSeconds: 60 },
    params: idParams,
    response: one(staffMemberSchema),
    errors: [...errors, 'role_beyond_own'],
    handle: async (ctx, { params, request }) => ({ data: await takePicture(ctx, params.id, request.payload) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/staff-members/{id}/avatar',
    summary: 'Remove the picture of a member of staff',
    tag,
    auth: { permission: 'staff.manage' },
    params: idParams,
    response: one(staffMemberSchema),
    errors: ['role_beyond_own'],
    handle: async (ctx, { params }) => ({ data: await changeAvatar(ctx, params.id, null) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/me/avatar',
    summary: 'Give myself a picture (multipart, field `file`, 5 MB)',
    tag,
    auth: 'staff',
    transaction: 'none',
    upload: { maxBytes: MAX_BYTES },
    limit: { per: 'actor', max: 20, windowSeconds: 60 },
    response: one(z.object({ avatarUrl: z.string().nullable() })),
    errors: [...errors],
    async handle(ctx, { request }) {
      const { avatarUrl } = await takePicture(ctx, ctx.actor.accountId, request.payload)
      return { data: { avatarUrl } }
    },
  }),
]
