/** The routes of registering and signing in. Every failure is an `ApiFailure`. */
import { request } from '../chat/api.ts'
import { isNothing, type Shape } from '../chat/shapes.ts'
import { isRecord } from '../record.ts'
import type {
  Captcha,
  CodeTicket,
  LoginRequest,
  OpenedLink,
  PasswordRequest,
  PasswordReset,
  ProfilePatch,
  WebDevice,
  WebLogin,
  WebPage,
  WebPrivacy,
  WebProfile,
  WebScan,
} from './wire.ts'

const isPage: Shape<WebPage> = (data): data is WebPage =>
  isRecord(data) && typeof data.companyName === 'string' && Array.isArray(data.methods)
const isOpenedLink: Shape<OpenedLink> = (data): data is OpenedLink =>
  isRecord(data) && isPage(data.page) && typeof data.invitedBy === 'string'
const isPrivacy: Shape<WebPrivacy> = (data): data is WebPrivacy =>
  isRecord(data) && typeof data.zh === 'string' && typeof data.en === 'string'
const isCaptcha: Shape<Captcha> = (data): data is Captcha => isRecord(data) && typeof data.id === 'string' && typeof data.svg === 'string'
const isTicket: Shape<CodeTicket> = (data): data is CodeTicket =>
  isRecord(data) && typeof data.id === 'string' && typeof data.resendAt === 'string'
const isDelivery: Shape<{ state: string }> = (data): data is { state: string } => isRecord(data) && typeof data.state === 'string'
const isProfile: Shape<WebProfile> = (data): data is WebProfile => isRecord(data) && typeof data.version === 'number' && 'phone' in data
const isLogin: Shape<WebLogin> = (data): data is WebLogin => isRecord(data) && typeof data.token === 'string' && isProfile(data.profile)
const isMe: Shape<{ profile: WebProfile | null }> = (data): data is { profile: WebProfile | null } =>
  isRecord(data) && (data.profile === null || isProfile(data.profile))
const isDevices: Shape<WebDevice[]> = (data): data is WebDevice[] => Array.isArray(data)
const isScan: Shape<WebScan> = (data): data is WebScan => isRecord(data) && isRecord(data.scan) && typeof data.browserToken === 'string'
const isScanState: Shape<{ status: string }> = (data): data is { status: string } => isRecord(data) && typeof data.status === 'string'

export type PeopleApi = ReturnType<typeof createPeopleApi>

export const openLink = (token: string): Promise<OpenedLink> =>
  request({
    path: '/api/v1/web/registration-links/open',
    init: { method: 'POST', body: JSON.stringify({ token }) },
    bearer: null,
    shape: isOpenedLink,
  })
export const fetchPrivacy = (): Promise<WebPrivacy> => request({ path: '/api/v1/web/privacy', init: {}, bearer: null, shape: isPrivacy })

export function createPeopleApi(accountId: string, token: () => string | null) {
  const own = `/api/v1/web/${encodeURIComponent(accountId)}`
  const call = <T>(method: string, path: string, shape: Shape<T>, body?: unknown): Promise<T> =>
    request({ path, init: { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }, bearer: token(), shape })
  return {
    page: () => call('GET', `${own}/page`, isPage),
    captcha: () => call('POST', '/api/v1/auth/captchas', isCaptcha),
    code: (phone: string, captcha?: { id: string; text: string }) =>
      call('POST', `${own}/codes`, isTicket, { phone, ...(captcha ? { captcha } : {}) }),
    codeDelivery: (id: string) => call('GET', `/api/v1/auth/codes/${encodeURIComponent(id)}`, isDelivery),
    logIn: (body: LoginRequest) => call('POST', `${own}/logins`, isLogin, body),
    resetPassword: (body: PasswordReset) => call('POST', `${own}/password-resets`, isLogin, body),
    /** WeChat's page sends the browser back without our token: there it is known by a cookie, which only comes when asked for. */
    beginScan: (via: 'official' | 'website') =>
      request({
        path: `${own}/scans`,
        init: { method: 'POST', body: JSON.stringify({ via }), credentials: via === 'website' ? 'same-origin' : 'omit' },
        bearer: null,
        shape: isScan,
      }),
    scanState: (id: string, browserToken: string) => call('POST', `/api/v1/web/scans/${id}/state`, isScanState, { browserToken }),
    me: () => call('GET', '/api/v1/web/me', isMe),
    saveProfile: (body: ProfilePatch) => call('PATCH', '/api/v1/web/me', isProfile, body),
    provePhone: (body: { phone: string; code: string }) => call('PUT', '/api/v1/web/me/phone', isProfile, body),
    setPassword: (body: PasswordRequest) => call('PUT', '/api/v1/web/me/password', isNothing, body),
    devices: () => call('GET', '/api/v1/web/me/devices', isDevices),
    revoke: (id: string) => call('DELETE', `/api/v1/web/me/devices/${id}`, isNothing),
    logOut: () => call('POST', '/api/v1/web/logout', isNothing),
  }
}
