/** Days and hours as the customer's own clock has them. */
import type { Locale, Say } from './words.ts'

const dayOf = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
export const sameDay = (a: Date, b: Date) => dayOf(a) === dayOf(b)

export function dayText(date: Date, now: Date, locale: Locale, say: Say): string {
  // Rounded: a day with a change of the clock has 23 or 25 hours.
  const daysAgo = Math.round((dayOf(now) - dayOf(date)) / 86_400_000)
  if (daysAgo === 0) return say('log.today')
  if (daysAgo === 1) return say('log.yesterday')
  const year: Intl.DateTimeFormatOptions = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }
  return new Intl.DateTimeFormat(locale, { ...year, month: 'long', day: 'numeric', weekday: 'short' }).format(date)
}

export const hourText = (date: Date, locale: Locale) =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date)

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilobytes = bytes / 1024
  return kilobytes < 1024 ? `${kilobytes.toFixed(0)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`
}
