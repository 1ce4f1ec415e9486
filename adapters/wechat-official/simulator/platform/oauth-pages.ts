/** The pages on which a person agrees: inside WeChat (`/connect/oauth2/authorize`) and by scanning (`/connect/qrconnect`). */
import type { Customer } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { withoutToken, type Answer, type CallContext, type Endpoints } from './endpoint.ts'
import { issueCode } from './oauth-endpoints.ts'

export const PHONE_COOKIE = 'simulator_phone'

interface ConsentRequest {
  appId: string
  appName: string
  redirectUri: URL
  scope: string
  state: string
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const page = (title: string, content: string): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<link rel="stylesheet" href="consent.css"></head><body><main>${content}</main></body></html>`

const problem = (code: number, text: string): Answer => ({
  html: page('微信', `<h1>${code}</h1><p data-testid="oauth-error">${escapeHtml(text)}</p>`),
})

const SCOPES = { authorize: ['snsapi_base', 'snsapi_userinfo'], qrconnect: ['snsapi_login'] }
type Door = keyof typeof SCOPES

const appOf = ({ accounts, websites }: World, door: Door, appId: string): { name: string; domain: string | undefined } | null => {
  const account = door === 'authorize' ? accounts.get(appId) : undefined
  if (account) return { name: account.name, domain: account.oauthDomain }
  const website = door === 'qrconnect' ? websites.get(appId) : undefined
  return website ? { name: website.name, domain: website.redirectDomain } : null
}

const webAddress = (text: string) => (URL.canParse(text) && /^https?:/.test(text) ? new URL(text) : null)

/** What is wrong with the address, in the platform's own words; or the request. */
const readRequest = ({ world, query }: CallContext, door: Door): ConsentRequest | Answer => {
  const text = (name: string) => query.get(name) ?? ''
  const app = appOf(world, door, text('appid'))
  if (!app) return problem(10012, 'AppID 参数错误')
  const redirectUri = webAddress(text('redirect_uri'))
  if (!redirectUri) return problem(10003, 'redirect_uri 参数错误')
  if (app.domain !== undefined && redirectUri.host !== app.domain) return problem(10003, 'redirect_uri 域名与后台配置不一致')
  const scope = text('scope')
  if (text('response_type') !== 'code' || !SCOPES[door].includes(scope)) return problem(10005, 'Scope 参数错误或没有 Scope 权限')
  const state = text('state')
  // Inside WeChat 128 letters and digits, for websites anything of one's own.
  if (door === 'authorize' && !/^[A-Za-z0-9]{0,128}$/.test(state)) return problem(10009, 'state 参数错误')
  return { appId: text('appid'), appName: app.name, redirectUri, scope, state }
}

const backTo = ({ redirectUri, state }: ConsentRequest, code: string | null): Answer => {
  const address = new URL(redirectUri)
  if (code !== null) address.searchParams.set('code', code)
  address.searchParams.set('state', state)
  return { redirect: address.toString() }
}

const everybody = (world: World): Customer[] => [...world.accounts.values()].flatMap((account) => [...account.customers.values()])

/** The phone on which a link was opened; set by the simulator's page. */
const phoneOf = ({ headers, world }: CallContext): Customer | undefined => {
  const match = /simulator_phone=([\w-]+):([\w-]+)/.exec(String(headers['cookie'] ?? ''))
  return match ? world.accounts.get(match[1] ?? '')?.customers.get(match[2] ?? '') : undefined
}

const hidden = (query: URLSearchParams) =>
  [...query].map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`).join('')

const consentPage = (ctx: CallContext, request: ConsentRequest, people: Customer[]): Answer => {
  const options = people.map(
    ({ nickname, openId }, index) =>
      `<label><input type="radio" name="simulator_openid" value="${escapeHtml(openId)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(nickname)}</label>`,
  )
  const form = `<h1>${escapeHtml(request.appName)}</h1><p>申请获取你的昵称、头像 · asks for your nickname and avatar</p>
<form method="get" data-testid="oauth-form">${hidden(ctx.query)}<fieldset><legend>微信用户 · WeChat user</legend>${options.join('')}</fieldset>
<label><input type="checkbox" name="simulator_snapshot" value="1"> 快照页(虚拟用户) · snapshot page</label>
<div><button name="simulator_answer" value="agree" data-testid="oauth-agree">同意 · Agree</button>
<button name="simulator_answer" value="refuse" data-testid="oauth-refuse">拒绝 · Refuse</button></div></form>`
  return { html: page('微信登录', form) }
}

const isRequest = (value: ConsentRequest | Answer): value is ConsentRequest => 'redirectUri' in value

const consent =
  (door: Door) =>
  (ctx: CallContext): Answer => {
    const request = readRequest(ctx, door)
    if (!isRequest(request)) return request
    const people = door === 'authorize' ? everybody(ctx.world).filter(({ appId }) => appId === request.appId) : everybody(ctx.world)
    const phone = phoneOf(ctx)
    const chosen = people.find(({ openId }) => openId === ctx.query.get('simulator_openid'))
    // Inside WeChat `snsapi_base` asks nobody: whose phone it is, is known.
    const silent = request.scope === 'snsapi_base' && phone?.appId === request.appId ? phone : undefined
    const customer = silent ?? (ctx.query.get('simulator_answer') === 'agree' ? chosen : undefined)
    if (ctx.query.get('simulator_answer') === 'refuse') return backTo(request, null)
    if (!customer) return consentPage(ctx, request, phone ? [phone, ...people.filter((person) => person !== phone)] : people)
    return backTo(request, issueCode(ctx.world, { ...request, customer, snapshot: ctx.query.get('simulator_snapshot') === '1' }))
  }

const CONSENT_CSS = `body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:0;background:#f7f7f7;color:#191919;color-scheme:light dark}
main{max-width:24rem;margin:8vh auto;padding:24px;background:#fff;border-radius:12px}h1{font-size:20px;margin:0 0 8px}fieldset{border:0;padding:0;margin:16px 0}
legend{color:#666;font-size:14px}label{display:block;padding:4px 0}button{font:inherit;padding:8px 24px;margin:16px 8px 0 0;border:0;border-radius:8px;background:#07863f;color:#fff}
button[value=refuse]{background:#e7e7e7;color:#191919}@media(prefers-color-scheme:dark){body{background:#111;color:#e6e6e6}main{background:#1e1e1e}legend{color:#a0a0a0}button[value=refuse]{background:#333;color:#eee}}`

const stylesheet = withoutToken('GET', () => ({ binary: Buffer.from(CONSENT_CSS), mime: 'text/css; charset=utf-8' }))

export const oauthPages: Endpoints = {
  '/connect/oauth2/authorize': withoutToken('GET', consent('authorize')),
  '/connect/qrconnect': withoutToken('GET', consent('qrconnect')),
  '/connect/oauth2/consent.css': stylesheet,
  '/connect/consent.css': stylesheet,
}
