import type { Ctx, StaffActor } from '../../core/context.ts'
import type { StaffMember } from '../../contract/organisation.ts'
import { record } from '../audit/index.ts'
import { accountToManage, giveAvatar } from '../identity/index.ts'
import { memberFor } from './list-staff.ts'
import { objectOf } from './staff.ts'

/** Another picture, or none. The old one is forgotten with other files that nothing names. @throws NotFound; Forbidden `role_beyond_own` */
export async function changeAvatar(ctx: Ctx<StaffActor>, id: string, attachmentId: string | null): Promise<StaffMember> {
  const member = await memberFor(ctx, id)
  if (id !== ctx.actor.accountId) await accountToManage(ctx, id)
  await giveAvatar(ctx, id, attachmentId)
  await record(ctx, { action: 'staff.picture_changed', object: objectOf(member) })
  return memberFor(ctx, id)
}
