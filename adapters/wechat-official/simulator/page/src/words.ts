/** Words, times and durations in the chosen language. */
import { EN } from './words-en.ts'
import { ZH, type Word } from './words-zh.ts'

export type { Word }

const STORAGE_KEY = 'simulator-language'
const wanted = localStorage.getItem(STORAGE_KEY) ?? navigator.language
let language: 'zh-CN' | 'en' = wanted.startsWith('zh') ? 'zh-CN' : 'en'
document.documentElement.lang = language

export const switchLanguage = () => {
  language = language === 'en' ? 'zh-CN' : 'en'
  localStorage.setItem(STORAGE_KEY, language)
  document.documentElement.lang = language
}

export const word = (name: Word, values: Record<string, string | number> = {}): string =>
  (language === 'en' ? EN : ZH)[name].replace(/\{(\w+)\}/g, (_whole, key: string) => String(values[key] ?? ''))

export const timeOfDay = (at: number) => new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hour12: false })
export const dateAndTime = (at: number) =>
  new Date(at).toLocaleString(language, {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })

/** The two largest units, as one would say it. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const parts: [Word, number][] = [
    ['days', Math.floor(seconds / 86_400)],
    ['hours', Math.floor(seconds / 3600) % 24],
    ['minutes', Math.floor(seconds / 60) % 60],
    ['seconds', seconds % 60],
  ]
  const first = parts.findIndex(([, count]) => count > 0)
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2)
  return shown
    .filter(([, count], index) => count > 0 || index === 0)
    .map(([name, count]) => word(name, { count }))
    .join(' ')
}
