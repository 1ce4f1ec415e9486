/** Pure formatting; words come from the caller. */

const pad = (value: number): string => String(value).padStart(2, '0')

/** `47:59:10`; below an hour `09:58`. Negative counts as nothing left. */
export const countdown = (seconds: number): string => {
  const left = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(left / 3600)
  const rest = `${pad(Math.floor((left % 3600) / 60))}:${pad(left % 60)}`
  return hours > 0 ? `${pad(hours)}:${rest}` : rest
}

/** Waiting time that stays short in a row: `0:42`, `12:05`, `3h`, `2d`. */
export const waitClock = (seconds: number): string => {
  const passed = Math.max(0, Math.floor(seconds))
  if (passed < 3600) return `${Math.floor(passed / 60)}:${pad(passed % 60)}`
  if (passed < 86_400) return `${Math.floor(passed / 3600)}h`
  return `${Math.floor(passed / 86_400)}d`
}

export type Urgency = 'calm' | 'warn' | 'late'
/** Promise to a waiting customer, in seconds: amber when half is gone, red when it is broken. */
export const WAIT_PROMISE_SECONDS = 180
export const urgency = (seconds: number): Urgency =>
  seconds >= WAIT_PROMISE_SECONDS ? 'late' : seconds >= WAIT_PROMISE_SECONDS / 2 ? 'warn' : 'calm'

export const fileSize = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

export const secondsBetween = (from: string, now: number): number => (now - Date.parse(from)) / 1000

/** Length in UTF-8, which is what platforms count. */
export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length

const DAY_MS = 86_400_000
const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0)
/** Whole calendar days between a moment and now: 0 today, 1 yesterday. */
export const daysAgo = (iso: string, now: number): number => Math.round((startOfDay(now) - startOfDay(Date.parse(iso))) / DAY_MS)

export const clockTime = (iso: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(iso))

export const fullTime = (iso: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hour12: false }).format(new Date(iso))

/** Day for a date line: with the weekday, and the year only when it is another one. */
export const dayLabel = (iso: string, locale: string, now: number): string => {
  const date = new Date(iso)
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale, {
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date)
}

/** Time in a list row: the hour today, else the day. */
export const shortDay = (iso: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric' }).format(new Date(iso))
