import type { ApiFailure } from '../../chat/api.ts'
import type { Locale } from '../../chat/words/words.ts'
import { en } from './en.ts'
import { zhCN, type PeopleKey, type PeopleWords } from './zh-cn.ts'

export type PeopleSay = (key: PeopleKey, params?: Readonly<Record<string, string | number>>) => string

const WORDS: Readonly<Record<Locale, PeopleWords>> = { 'zh-CN': zhCN, en }

export function peopleSpeaker(locale: Locale): PeopleSay {
  const words = WORDS[locale]
  return (key, params = {}) => words[key].replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole))
}

const isKey = (key: string): key is PeopleKey => Object.hasOwn(zhCN, key)

/** What went wrong, in words; how long to wait where the server said so. */
export function wordFailure(say: PeopleSay, { code, retryAfterMs }: ApiFailure): string {
  const key = `error.${code}`
  return isKey(key) ? say(key, { seconds: Math.ceil((retryAfterMs ?? 60_000) / 1000) }) : say('error.unknown')
}
