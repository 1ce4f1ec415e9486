import type { OpenedLink } from '../../../contract/registration.ts'
import type { Ctx } from '../../../core/context.ts'
import { presentLink } from '../present-link.ts'
import { presentPage } from '../web-page.ts'
import { openLink } from './use-link.ts'

/** What somebody sees who opens a link: whose it is and where it leads; nothing of its use is told. @throws as `openLink` */
export async function describeLink(ctx: Ctx, token: string): Promise<OpenedLink> {
  const row = await openLink(ctx, token)
  const [page, link] = await Promise.all([presentPage(ctx, row.channel_account_id), presentLink(ctx, row)])
  return { page, invitedBy: link.createdBy.name, team: link.team?.name ?? null }
}
