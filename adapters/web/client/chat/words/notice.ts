import type { MessagePart } from '../wire.ts'
import { isWordKey, type Say } from './words.ts'

type Notice = Extract<MessagePart, { type: 'notice' }>

/** The system's line in words; null when it says nothing to a customer or lacks what the sentence needs. */
export function noticeText(notice: Notice, say: Say): string | null {
  const reason = notice.params.reason
  const precise = `notice.${notice.code}_${reason}`
  const key = typeof reason === 'string' && isWordKey(precise) ? precise : `notice.${notice.code}`
  if (!isWordKey(key)) return null
  const params = Object.fromEntries(Object.entries(notice.params).filter((entry): entry is [string, string | number] => entry[1] !== null))
  const text = say(key, params)
  return /\{\w+\}/.test(text) ? null : text
}
