/** What the widget in the host page and the chat page in its frame say to each other by `postMessage`. Both sides check source and origin first. */
import { isRecord } from './record.ts'
import type { IdentityClaim } from './chat/wire.ts'

export type FromHost =
  /** Answer to `ready`. */
  | { type: 'hello'; claim: IdentityClaim | null; pageUrl: string; open: boolean }
  | { type: 'identify'; claim: IdentityClaim }
  /** The visitor has left his account: forget him. */
  | { type: 'reset' }
  | { type: 'visible'; open: boolean }

export type FromChat =
  | { type: 'ready' }
  | { type: 'unread'; count: number }
  /** There is a conversation: on the next page the widget opens the frame unseen, so that its badge counts. */
  | { type: 'active' }
  | { type: 'close' }

const MARK = 'lianke'

export const sealed = (message: FromHost | FromChat) => ({ [MARK]: 1, ...message })

export function parseFromChat(data: unknown): FromChat | null {
  if (!isRecord(data) || data[MARK] !== 1) return null
  if (data.type === 'unread') return typeof data.count === 'number' ? { type: 'unread', count: Math.max(0, Math.trunc(data.count)) } : null
  return data.type === 'ready' || data.type === 'close' || data.type === 'active' ? { type: data.type } : null
}

export function parseFromHost(data: unknown): FromHost | null {
  if (!isRecord(data) || data[MARK] !== 1) return null
  if (data.type === 'visible') return { type: 'visible', open: data.open === true }
  if (data.type === 'reset') return { type: 'reset' }
  const claim = parseClaim(data.claim)
  if (data.type === 'identify') return claim && { type: 'identify', claim }
  if (data.type !== 'hello') return null
  return { type: 'hello', claim, pageUrl: typeof data.pageUrl === 'string' ? data.pageUrl : '', open: data.open === true }
}

/** Only the shape: whether it is true is the server's to say. A name or picture that the contract refuses must not cost the visitor his chat. */
export function parseClaim(value: unknown): IdentityClaim | null {
  if (!isRecord(value)) return null
  const { id, name, avatarUrl, expiresAt, signature } = value
  if (typeof id !== 'string' || typeof expiresAt !== 'number' || typeof signature !== 'string') return null
  return {
    id,
    expiresAt,
    signature,
    ...(typeof name === 'string' ? { name: name.slice(0, 60).replace(/[\uD800-\uDBFF]$/, '') } : {}),
    ...(isPicture(avatarUrl) ? { avatarUrl } : {}),
  }
}

const isPicture = (url: unknown): url is string => typeof url === 'string' && url.length <= 500 && /^https:\/\/[^/\s]+/.test(url)
