import type { z } from 'zod'
import type { Me } from '#api/contract/identity.ts'
import type {
  Captcha,
  codeDeliverySchema,
  CodeTicket,
  LoginMethods,
  LoginSession,
  LoginSettings,
  loginSettingsPatch,
  recoveryCodesSchema,
  Scan,
  scanStateSchema,
  ScanVia,
  Security,
  smsTestSchema,
  totpSetupSchema,
} from '#api/contract/login.ts'
import { http } from './http.ts'

export interface SolvedCaptcha {
  id: string
  text: string
}

export const loginByPassword = (username: string, password: string): Promise<Me> => http.post('/auth/login', { username, password })
export const loginByCode = (phone: string, code: string): Promise<Me> => http.post('/auth/code-login', { phone, code })
export const passSecondFactor = (challenge: string, code: string): Promise<Me> => http.post('/auth/second-factor', { challenge, code })
export const fetchMethods = (): Promise<LoginMethods> => http.get('/auth/methods')
export const newCaptcha = (): Promise<Captcha> => http.post('/auth/captchas')
export const askLoginCode = (phone: string, purpose: 'staff_login' | 'password_reset', captcha?: SolvedCaptcha): Promise<CodeTicket> =>
  http.post('/auth/codes', { phone, purpose, captcha })
export const fetchCodeDelivery = (id: string): Promise<z.infer<typeof codeDeliverySchema>> => http.get(`/auth/codes/${id}`)
export const resetPassword = (phone: string, code: string, password: string): Promise<null> =>
  http.post('/auth/password-resets', { phone, code, password })

/** `mine`: to bind; else to sign in. */
export const beginScan = (via: ScanVia): Promise<Scan> => http.post('/auth/wechat/scans', { via })
export const beginBindingScan = (via: ScanVia, password?: string): Promise<Scan> => http.post('/me/wechat/scans', { via, password })
export const fetchScan = (id: string): Promise<z.infer<typeof scanStateSchema>> => http.get(`/auth/wechat/scans/${id}`)
export const finishScanLogin = (id: string): Promise<Me> => http.post(`/auth/wechat/scans/${id}/finish`)
export const finishScanBinding = (id: string): Promise<Security> => http.post(`/me/wechat/scans/${id}/finish`)

/** @param current '' where it is not needed */
export const changePassword = (current: string, password: string): Promise<Me> =>
  http.put('/me/password', { ...(current === '' ? {} : { current }), password })
export const fetchSecurity = (): Promise<Security> => http.get('/me/security')
export const askPhoneCode = (phone: string, captcha?: SolvedCaptcha): Promise<CodeTicket> =>
  http.post('/me/phone/codes', { phone, captcha })
export const bindPhone = (body: { phone: string; code: string; password?: string | undefined }): Promise<Security> =>
  http.put('/me/phone', body)
export const unbindPhone = (): Promise<Security> => http.delete('/me/phone')
export const unbindWechat = (): Promise<Security> => http.delete('/me/wechat')
export const setUpTotp = (password: string): Promise<z.infer<typeof totpSetupSchema>> => http.post('/me/totp', { password })
export const confirmTotp = (code: string): Promise<z.infer<typeof recoveryCodesSchema>> => http.post('/me/totp/confirm', { code })
export const renewRecoveryCodes = (password: string): Promise<z.infer<typeof recoveryCodesSchema>> =>
  http.post('/me/totp/recovery-codes', { password })
export const endTotp = (password: string): Promise<Security> => http.post('/me/totp/disable', { password })
export const fetchSessions = (): Promise<LoginSession[]> => http.get('/me/sessions')
export const revokeSession = (id: string): Promise<null> => http.delete(`/me/sessions/${id}`)
export const revokeOtherSessions = (): Promise<LoginSession[]> => http.post('/me/sessions/revoke-others')

export const fetchLoginSettings = (): Promise<LoginSettings> => http.get('/settings/login')
export const patchLoginSettings = (patch: z.input<typeof loginSettingsPatch>): Promise<LoginSettings> =>
  http.patch('/settings/login', patch)
export const testSms = (phone: string): Promise<z.infer<typeof smsTestSchema>> => http.post('/settings/login/sms-test', { phone })
