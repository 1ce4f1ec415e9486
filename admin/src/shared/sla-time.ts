import { countdown } from './format.ts'
import { useWords } from './use-words.ts'

const DAY = 86_400
/** From here on it is counted in days. */
const LONG = 2 * DAY

/** Lengths of time as clocks of promises say them. */
export const useSlaTime = () => {
  const { t } = useWords()
  /** Ticking: `47:59:10`, above two days `3d 4h`. Whole seconds, ≥ 0. */
  const ticking = (seconds: number): string =>
    seconds >= LONG ? t('slaWhy.days', { days: Math.floor(seconds / DAY), hours: Math.floor((seconds % DAY) / 3600) }) : countdown(seconds)
  /** Standing: `3 h 20 min`; amounts of working time are never said in days, which would be ambiguous. */
  const amount = (seconds: number): string => {
    const n = Math.max(0, Math.floor(seconds))
    if (n < 60) return t('slaWhy.seconds', { n })
    const [h, m] = [Math.floor(n / 3600), Math.floor((n % 3600) / 60)]
    if (h === 0) return t('slaWhy.minutes', { n: m })
    return m === 0 ? t('slaWhy.hours', { n: h }) : t('slaWhy.hoursMinutes', { h, m })
  }
  /** Standing, in a list: whole hours from one on. */
  const rough = (seconds: number): string => amount(seconds < 3600 ? seconds : Math.floor(seconds / 3600) * 3600)
  return { ticking, amount, rough }
}
