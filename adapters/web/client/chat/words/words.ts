import { en } from './en.ts'
import { zhCN, type WordKey, type Words } from './zh-cn.ts'

export type Locale = 'zh-CN' | 'en'
export type Say = (key: WordKey, params?: Readonly<Record<string, string | number>>) => string

const WORDS: Readonly<Record<Locale, Words>> = { 'zh-CN': zhCN, en }

/** What the address asks for, else the browser's first language that we speak, else Chinese. */
export function chooseLocale(wanted: string | null, languages: readonly string[]): Locale {
  for (const language of [wanted ?? '', ...languages]) {
    if (/^zh\b/i.test(language)) return 'zh-CN'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'zh-CN'
}

export function speaker(locale: Locale): Say {
  const words = WORDS[locale]
  return (key, params = {}) => words[key].replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole))
}

export const isWordKey = (key: string): key is WordKey => Object.hasOwn(zhCN, key)
