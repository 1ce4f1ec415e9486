/** Calls per day and path; the platform's day begins at midnight in Beijing. */
import type { Account } from './records.ts'

const BEIJING_OFFSET_MS = 8 * 3_600_000
const beijingIso = (now: number) => new Date(now + BEIJING_OFFSET_MS).toISOString()
const CLEARS_PER_MONTH = 10

const DEFAULT_LIMITS: Record<string, number> = {
  '/cgi-bin/token': 2_000,
  '/cgi-bin/stable_token': 500_000,
  '/cgi-bin/stable_token#force_refresh': 20,
  '/cgi-bin/message/custom/send': 500_000,
  '/cgi-bin/message/template/send': 100_000,
  '/cgi-bin/media/upload': 100_000,
  '/cgi-bin/media/get': 200_000,
  '/cgi-bin/user/info': 5_000_000,
  '/cgi-bin/user/get': 500,
  '/cgi-bin/menu/create': 1_000,
  '/cgi-bin/menu/delete': 1_000,
  '/cgi-bin/get_current_selfmenu_info': 10_000,
  '/cgi-bin/qrcode/create': 100_000,
  '/cgi-bin/ticket/getticket': 10_000,
}
const OTHER_LIMIT = 100_000

const usageToday = (account: Account, now: number) => {
  const day = beijingIso(now).slice(0, 10)
  if (account.usage.day !== day) account.usage = { day, calls: new Map() }
  return account.usage.calls
}

export const quotaOf = (account: Account, path: string, now: number) => {
  const limit = account.dailyLimits.get(path) ?? DEFAULT_LIMITS[path] ?? OTHER_LIMIT
  const used = usageToday(account, now).get(path) ?? 0
  return { daily_limit: limit, used: Math.min(used, limit), remain: Math.max(0, limit - used) }
}

/** False when the day's calls are used up. */
export const countCall = (account: Account, path: string, now: number) => {
  if (quotaOf(account, path, now).remain === 0) return false
  const calls = usageToday(account, now)
  calls.set(path, (calls.get(path) ?? 0) + 1)
  return true
}

/** Ten times a month, then false. */
export const clearQuota = (account: Account, now: number) => {
  const month = beijingIso(now).slice(0, 7)
  if (account.quotaClears.month !== month) account.quotaClears = { month, count: 0 }
  if (account.quotaClears.count >= CLEARS_PER_MONTH) return false
  account.quotaClears.count += 1
  account.usage = { day: '', calls: new Map() }
  return true
}
