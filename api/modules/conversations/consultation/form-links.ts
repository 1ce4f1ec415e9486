/** The form behind a link, for channels without a page of ours: signed, expiring, for one conversation. */
import type { Config } from '../../../core/config.ts'
import { sameSecret, sign } from '../../../core/secrets.ts'

const VALID_SECONDS = 7 * 86_400
const TOKEN = /^([0-9a-f]{32})\.([0-9a-z]{1,10})\.([\w-]{20,100})$/
const textOf = (id: string, expires: string) => `contact.${id}.${expires}`

/** @returns where the customer opens it */
export function formLink(config: Config, conversationId: string, now: Date): string {
  const id = conversationId.replaceAll('-', '')
  const expires = (Math.ceil(now.getTime() / 1000) + VALID_SECONDS).toString(36)
  return `${config.publicUrl}/contact/${id}.${expires}.${sign(config.signingSecret, textOf(id, expires))}`
}

/** @returns the conversation; null for a link that nobody signed or that is too old */
export function conversationOfLink(config: Config, token: string, now: Date): string | null {
  const [, id, expires, signature] = TOKEN.exec(token) ?? []
  if (id === undefined || expires === undefined || signature === undefined) return null
  if (!sameSecret(signature, sign(config.signingSecret, textOf(id, expires)))) return null
  if (Number.parseInt(expires, 36) * 1000 <= now.getTime()) return null
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
