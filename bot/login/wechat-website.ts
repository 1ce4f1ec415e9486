/**
 * Login by the open platform's website application.
 * https://developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login.html
 */
import { z } from 'zod'
import { ChannelFailure, type ChannelHttp } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { Conflict, Forbidden, Unavailable } from '#api/core/errors.ts'
import { WECHAT_CALLBACK_PATH, wechatWebsite, type WechatPerson } from '#api/modules/identity/index.ts'

const TIMEOUT_MS = 8000

async function website(app: App) {
  const settings = await wechatWebsite(app)
  if (!settings) throw new Forbidden('login_method_disabled', 'no website application is set up')
  const { wxOpen, wxApi } = app.config.bases
  return { ...settings, openBase: settings.base ?? wxOpen, apiBase: settings.base ?? wxApi }
}

/** The page on which WeChat shows the code to scan; the order of its parameters matters to the platform. */
export async function authorizeUrl(app: App, state: string): Promise<string> {
  const { appId, openBase } = await website(app)
  const parameters = new URLSearchParams([
    ['appid', appId],
    ['redirect_uri', app.config.publicUrl + WECHAT_CALLBACK_PATH],
    ['response_type', 'code'],
    ['scope', 'snsapi_login'],
    ['state', state],
  ])
  return `${openBase}/connect/qrconnect?${parameters.toString()}#wechat_redirect`
}

const grantAnswer = z.object({
  access_token: z.string(),
  openid: z.string().min(1).max(128),
  unionid: z.string().max(128).optional(),
  is_snapshotuser: z.literal(1).optional(),
})
const profileAnswer = z.object({ nickname: z.string().optional(), unionid: z.string().max(128).optional() })

async function ask(http: ChannelHttp, url: string): Promise<unknown> {
  try {
    const { body } = await http.request({ url, timeoutMs: TIMEOUT_MS, idempotent: true })
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    if (error instanceof ChannelFailure || error instanceof SyntaxError)
      throw new Unavailable('platform_unreachable', 'WeChat did not answer')
    throw error
  }
}

/**
 * Who agreed on the page. The code is good once; the profile is a courtesy, nobody is refused for its absence.
 * @throws Conflict `platform_refused` with the platform's code; Unavailable `platform_unreachable`
 */
export async function personByCode(app: App, http: ChannelHttp, code: string): Promise<WechatPerson> {
  const { appId, appSecret, apiBase } = await website(app)
  const exchange = new URLSearchParams({ appid: appId, secret: appSecret, code, grant_type: 'authorization_code' })
  const answer = await ask(http, `${apiBase}/sns/oauth2/access_token?${exchange.toString()}`)
  const grant = grantAnswer.safeParse(answer)
  // A preview page shows a made-up person.
  if (!grant.success || grant.data.is_snapshotuser) {
    const refusal = z.object({ errcode: z.number() }).safeParse(answer)
    throw new Conflict('platform_refused', 'WeChat refused the code', { platformCode: refusal.data?.errcode ?? null })
  }
  const { access_token, openid } = grant.data
  const read = new URLSearchParams({ access_token, openid, lang: 'zh_CN' })
  const profile = profileAnswer.safeParse(await ask(http, `${apiBase}/sns/userinfo?${read.toString()}`).catch(() => null))
  return {
    appId,
    openid,
    unionid: grant.data.unionid ?? profile.data?.unionid ?? null,
    nickname: profile.data?.nickname ?? null,
  }
}
