/**
 * QR codes whose scan brings a scene back, as `subscribe` or `SCAN`.
 * https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html
 */
import { z } from 'zod'
import type { ChannelContext } from '../contract/context.ts'
import { TransientFailure } from '../contract/failures.ts'
import { callApi } from './client.ts'
import { basesOf, type OfficialAccount } from './connection.ts'

const ticketAnswer = z.object({ ticket: z.string().min(1), url: z.string() })

/**
 * `scene`: 1–64 characters. `expiresInSeconds`: at most 30 days; absent makes a permanent code, of which an account has 100,000.
 * `imageUrl` needs no token.
 */
export async function createQrCode(
  account: OfficialAccount,
  request: { scene: string; expiresInSeconds?: number },
  ctx: ChannelContext,
): Promise<{ imageUrl: string; url: string }> {
  const scene = { action_info: { scene: { scene_str: request.scene } } }
  const json =
    request.expiresInSeconds === undefined
      ? { action_name: 'QR_LIMIT_STR_SCENE', ...scene }
      : { expire_seconds: request.expiresInSeconds, action_name: 'QR_STR_SCENE', ...scene }
  const answer = ticketAnswer.safeParse(await callApi(account, { path: '/cgi-bin/qrcode/create', json, purpose: 'change' }, ctx))
  if (!answer.success) throw new TransientFailure('QR answer without a ticket')
  return {
    imageUrl: `${basesOf(account, ctx).mp}/cgi-bin/showqrcode?ticket=${encodeURIComponent(answer.data.ticket)}`,
    url: answer.data.url,
  }
}
