/**
 * A person proves who he is on WeChat: by the page of the open platform (`website`) or by scanning a code of an official account
 * (`official`). waiting → scanned → confirmed → done; each step is one conditional update, so that of two who come at once one gets on. Only
 * the browser that began may look and finish: a link that somebody else sends leads nowhere. And only the person who scanned confirms, on his
 * phone: a code that somebody else shows him must not let that one in. WeChat's own page asks him itself.
 */
import { z } from 'zod'
import { LOCALES, type Locale } from '../../../contract/identity.ts'
import { type ScanStatus, type ScanVia } from '../../../contract/login.ts'
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
  /** Who began, as the person is told on his phone before he confirms. */
  asked: AskedBy
}

export interface AskedBy {
  ip: string
  userAgent: string | null
  locale: Locale
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
    context: JSON.stringify({ ...scan.context, asked: scan.asked }),
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
  status: z.enum(['waiting', 'scanned', 'confirmed', 'refused', 'done']),
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

const askedBy = z.object({ asked: z.object({ ip: z.string(), userAgent: z.string().nullable(), locale: z.enum(LOCALES) }) })
export const askedOf = ({ context }: ScanRow): AskedBy => askedBy.parse(context).asked

/** The language of the page on which it began. */
export async function scanLocale(app: App, id: string): Promise<Locale> {
  const found = z.object({ context: askedBy }).safeParse(await app.db('wechat_scans').where({ id }).first('context'))
  return found.success ? found.data.context.asked.locale : 'zh-CN'
}

const personColumns = (person: WechatPerson) => ({
  app_id: person.appId,
  openid: person.openid,
  unionid: person.unionid,
  nickname: person.nickname?.slice(0, 100) ?? null,
})

/** He agreed on the page of the open platform, which asked him. The first is the one. @returns whether he was */
export async function recordAgreed(app: App, state: string, person: WechatPerson): Promise<boolean> {
  const now = app.db.raw('app_now()')
  const changed = await app
    .db('wechat_scans')
    .where({ state_digest: sha256(state), via: 'website', status: 'waiting' })
    .where('expires_at', '>', now)
    .update({ ...personColumns(person), status: 'confirmed', scanned_at: now, decided_at: now })
  return changed === 1
}

/**
 * A code of an official account was scanned: the first who scans is the one, and is to be asked now. Also when he scans again, since the
 * platform repeats itself and he may not have been asked the first time.
 * @returns null for a second person, and when its time is over or he has decided
 */
export async function recordScan(app: App, state: string, person: WechatPerson): Promise<ScanRow | null> {
  const now = app.db.raw('app_now()')
  const [found] = z.array(row).parse(
    await app
      .db('wechat_scans')
      .where({ state_digest: sha256(state), via: 'official' })
      .where((open) => open.where({ status: 'waiting' }).orWhere({ status: 'scanned', app_id: person.appId, openid: person.openid }))
      .where('expires_at', '>', now)
      .update({ ...personColumns(person), status: 'scanned', scanned_at: now })
      .returning('*'),
  )
  return found ?? null
}

/** He could not be asked: whoever scans next is the one. */
export const forgetScan = (app: App, { id, openid }: ScanRow) =>
  app
    .db('wechat_scans')
    .where({ id, openid, status: 'scanned' })
    .update({ status: 'waiting', app_id: null, openid: null, unionid: null, nickname: null, scanned_at: null })

/**
 * What he said on his phone; nobody else can say it, whoever knows the id.
 * @returns `late` when its time is over, or it is none of his; `again` when he has decided before
 */
export async function decideScan(
  app: App,
  by: { id: string; appId: string; openid: string },
  agreed: boolean,
): Promise<'confirmed' | 'refused' | 'again' | 'late'> {
  const now = app.db.raw('app_now()')
  const his = () => app.db('wechat_scans').where({ id: by.id, via: 'official', app_id: by.appId, openid: by.openid })
  const status = agreed ? 'confirmed' : 'refused'
  if ((await his().where({ status: 'scanned' }).where('expires_at', '>', now).update({ status, decided_at: now })) === 1) return status
  return (await his().whereNotNull('decided_at').first('id')) === undefined ? 'late' : 'again'
}

/** @throws NotFound for another browser's */
export async function scanState(app: App, by: { id: string; browser: string }): Promise<{ status: ScanStatus }> {
  const found: unknown = await app
    .db('wechat_scans')
    .where({ id: by.id, browser_digest: sha256(by.browser) })
    .first()
  if (found === undefined) throw new NotFound('scan')
  const { status, expires_at } = row.parse(found)
  return { status: status !== 'done' && status !== 'refused' && expires_at <= (await app.clock.now(app.db)) ? 'expired' : status }
}

/**
 * Spends a scan: once, by the browser that began it.
 * @throws Conflict `scan_expired` for one that is not confirmed, spent, or too old; `scan_unconfirmed` while he has not confirmed it
 */
export async function finishScan(
  app: App,
  by: { id: string; browser: string; purpose: ScanPurpose },
): Promise<{ scan: ScanRow; person: WechatPerson }> {
  const [found] = z.array(row).parse(
    await app
      .db('wechat_scans')
      .where({ id: by.id, browser_digest: sha256(by.browser), purpose: by.purpose, status: 'confirmed' })
      .where('expires_at', '>', app.db.raw('app_now()'))
      .update({ status: 'done', done_at: app.db.raw('app_now()') })
      .returning('*'),
  )
  if (!found || found.app_id === null || found.openid === null) throw await notFinished(app, by)
  return { scan: found, person: { appId: found.app_id, openid: found.openid, unionid: found.unionid, nickname: found.nickname } }
}

async function notFinished(app: App, { id, browser }: { id: string; browser: string }): Promise<Conflict> {
  const { status } = await scanState(app, { id, browser }).catch(() => ({ status: 'expired' }))
  return status === 'scanned'
    ? new Conflict('scan_unconfirmed', 'to be confirmed on the phone')
    : new Conflict('scan_expired', 'scan again')
}

export const forgetOldScans = (app: App) =>
  app.db('wechat_scans').where('expires_at', '<', app.db.raw(`app_now() - interval '1 day'`)).delete()
