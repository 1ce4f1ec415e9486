/**
 * A person proves who he is on WeChat: by the page of the open platform (`website`) or by scanning a code of an official account
 * (`official`). waiting → scanned → done; each step is one conditional update, so that of two who come at once one gets on. Only the browser
 * that began may look and finish: a link that somebody else sends leads nowhere.
 */
import { z } from 'zod'
import type { ScanVia } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { newToken, sha256 } from '../../../core/secrets.ts'

export const SCAN_SECONDS = 300
const PREFIX = 'login-'
/** As scene of a code (64 characters at most) or as `state` of the redirect. */
const STATE = /^login-[\w-]{43}$/

export type ScanPurpose = 'staff_login' | 'staff_bind' | 'customer_login'

export interface NewScan {
  via: ScanVia
  purpose: ScanPurpose
  /** Who binds. */
  accountId?: string
  /** What the one who began wants to find again. */
  context?: Record<string, unknown>
}

export interface BegunScan {
  id: string
  /** Goes to WeChat. */
  state: string
  /** Goes to the browser alone, in a cookie. */
  browser: string
  expiresAt: Date
}

/** Who scanned: `appId` is the website application's, or for an official account the id of its channel here. */
export interface WechatPerson {
  appId: string
  openid: string
  unionid: string | null
  nickname: string | null
}

export async function beginScan(app: App, scan: NewScan): Promise<BegunScan> {
  const [state, browser, id] = [PREFIX + newToken(), newToken(), newId()]
  const expiresAt = new Date((await app.clock.now(app.db)).getTime() + SCAN_SECONDS * 1000)
  await app.db('wechat_scans').insert({
    id,
    via: scan.via,
    purpose: scan.purpose,
    state_digest: sha256(state),
    browser_digest: sha256(browser),
    account_id: scan.accountId ?? null,
    context: JSON.stringify(scan.context ?? {}),
    expires_at: expiresAt,
  })
  return { id, state, browser, expiresAt }
}

/** Pure: does this scene belong to a login, and not to a customer's way in? */
export const isLoginScene = (scene: string): boolean => STATE.test(scene)

const row = z.object({
  id: z.string(),
  via: z.enum(['website', 'official']),
  purpose: z.enum(['staff_login', 'staff_bind', 'customer_login']),
  account_id: z.string().nullable(),
  context: z.record(z.string(), z.unknown()),
  status: z.enum(['waiting', 'scanned', 'done']),
  app_id: z.string().nullable(),
  openid: z.string().nullable(),
  unionid: z.string().nullable(),
  nickname: z.string().nullable(),
  expires_at: z.date(),
})
export type ScanRow = z.infer<typeof row>

/** The waiting scan that this browser began; null for any other, and when its time is over. */
export async function waitingScan(app: App, by: { state: string; browser: string }): Promise<ScanRow | null> {
  const found: unknown = await app
    .db('wechat_scans')
    .where({ state_digest: sha256(by.state), browser_digest: sha256(by.browser), status: 'waiting' })
    .where('expires_at', '>', app.db.raw('app_now()'))
    .first()
  return found === undefined ? null : row.parse(found)
}

/** The first who scans is the one. @returns whether he was */
export async function recordScan(app: App, by: { state: string; via: ScanVia }, person: WechatPerson): Promise<boolean> {
  const changed = await app
    .db('wechat_scans')
    .where({ state_digest: sha256(by.state), via: by.via, status: 'waiting' })
    .where('expires_at', '>', app.db.raw('app_now()'))
    .update({
      status: 'scanned',
      app_id: person.appId,
      openid: person.openid,
      unionid: person.unionid,
      nickname: person.nickname?.slice(0, 100) ?? null,
      scanned_at: app.db.raw('app_now()'),
    })
  return changed === 1
}

/** @throws NotFound for another browser's */
export async function scanState(
  app: App,
  by: { id: string; browser: string },
): Promise<{ status: 'waiting' | 'scanned' | 'done' | 'expired' }> {
  const found: unknown = await app
    .db('wechat_scans')
    .where({ id: by.id, browser_digest: sha256(by.browser) })
    .first()
  if (found === undefined) throw new NotFound('scan')
  const { status, expires_at } = row.parse(found)
  return { status: status !== 'done' && expires_at <= (await app.clock.now(app.db)) ? 'expired' : status }
}

/**
 * Spends a scan: once, by the browser that began it.
 * @throws Conflict `scan_expired` for one that is not scanned, spent, or too old
 */
export async function finishScan(
  app: App,
  by: { id: string; browser: string; purpose: ScanPurpose },
): Promise<{ scan: ScanRow; person: WechatPerson }> {
  const [found] = z.array(row).parse(
    await app
      .db('wechat_scans')
      .where({ id: by.id, browser_digest: sha256(by.browser), purpose: by.purpose, status: 'scanned' })
      .where('expires_at', '>', app.db.raw('app_now()'))
      .update({ status: 'done', done_at: app.db.raw('app_now()') })
      .returning('*'),
  )
  if (!found || found.app_id === null || found.openid === null) throw new Conflict('scan_expired', 'scan again')
  return { scan: found, person: { appId: found.app_id, openid: found.openid, unionid: found.unionid, nickname: found.nickname } }
}

export const forgetOldScans = (app: App) =>
  app.db('wechat_scans').where('expires_at', '<', app.db.raw(`app_now() - interval '1 day'`)).delete()
