const wallClock = (at: Date, timeZone?: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at)

/**
 * A moment by the clock of the calendar's place, as its opening hours are written: with the day unless it is today there, and with the
 * place's name where its clock shows something else than the reader's.
 */
export function timeThere(iso: string, { locale, timeZone, now }: { locale: string; timeZone: string; now: number }): string {
  const at = new Date(iso)
  const parts = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const [there, today] = [wallClock(at, timeZone), wallClock(new Date(now), timeZone)]
  const day = there.slice(0, 10) === today.slice(0, 10) ? null : parts({ month: 'long', day: 'numeric', weekday: 'short' }).format(at)
  const time = parts({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
  const place =
    there === wallClock(at)
      ? null
      : parts({ timeZoneName: 'shortGeneric' })
          .formatToParts(at)
          .find(({ type }) => type === 'timeZoneName')
  return [day, time, place && `(${place.value})`].filter(Boolean).join(' ')
}
