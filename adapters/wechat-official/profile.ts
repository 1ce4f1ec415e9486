/** https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html */
import { z } from 'zod'
import type { FetchedProfile } from '../contract/adapter.ts'
import type { ChannelContext } from '../contract/context.ts'
import { TransientFailure } from '../contract/failures.ts'
import { callApi } from './client.ts'
import type { OfficialAccount } from './connection.ts'

const optionalText = z.string().optional().catch(undefined)
const userAnswer = z.object({
  subscribe: z.number(),
  unionid: optionalText,
  nickname: optionalText,
  headimgurl: optionalText,
  language: optionalText,
  remark: optionalText,
  subscribe_time: z.number().optional().catch(undefined),
  subscribe_scene: optionalText,
  qr_scene_str: optionalText,
})

/** Name and picture have not been given since the end of 2021; who does not follow has nothing but (where bound) a unionid. */
export async function fetchProfile(account: OfficialAccount, externalId: string, ctx: ChannelContext): Promise<FetchedProfile> {
  const call = { path: '/cgi-bin/user/info', query: { openid: externalId, lang: 'zh_CN' }, purpose: 'read' } as const
  const answer = userAnswer.safeParse(await callApi(account, call, ctx))
  if (!answer.success) throw new TransientFailure('user answer of an unknown shape')
  const user = answer.data
  return {
    subscribed: user.subscribe === 1,
    ...(user.unionid ? { unionid: user.unionid } : {}),
    ...(user.nickname ? { name: user.nickname } : {}),
    ...(user.headimgurl ? { avatarUrl: user.headimgurl } : {}),
    detail: {
      language: user.language,
      remark: user.remark,
      subscribedAt: user.subscribe_time === undefined ? undefined : new Date(user.subscribe_time * 1000).toISOString(),
      subscribeScene: user.subscribe_scene,
      qrScene: user.qr_scene_str,
    },
  }
}
