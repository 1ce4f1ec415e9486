/** The address under which a customer sees one ticket, or all of his, without signing in: signed and expiring. */
import type { Config } from '../../../core/config.ts'
import { sameSecret, sign } from '../../../core/secrets.ts'

/** What stands behind a link: one ticket, or whoever is behind one identity. */
export interface Linked {
  kind: 'ticket' | 'identity'
  id: string
}

/** One ticket is worth little to whoever finds the link; the list of all is more. */
export const LINK_DAYS = { ticket: 90, identity: 2 } as const
const MARKS = { ticket: 't', identity: 'i' } as const
const TOKEN = /^([ti])([0-9a-f]{32})\.([0-9a-z]{1,10})\.([\w-]{20,100})$/
const textOf = (mark: string, id: string, expires: string) => `tickets.${mark}.${id}.${expires}`

/**
 * @param english the page speaks as the message does that it stands in; otherwise as his phone
 * @returns where the customer opens it
 */
export function ticketLink(config: Config, { kind, id, english = false }: Linked & { english?: boolean }, now: Date): string {
  const mark = MARKS[kind]
  const short = id.replaceAll('-', '')
  const expires = (Math.ceil(now.getTime() / 1000) + LINK_DAYS[kind] * 86_400).toString(36)
  const signature = sign(config.signingSecret, textOf(mark, short, expires))
  return `${config.publicUrl}/my-tickets/${mark}${short}.${expires}.${signature}${english ? '?lang=en' : ''}`
}

/** Null for a link that nobody signed or that is too old. */
export function linkedBy(config: Config, token: string, now: Date): Linked | null {
  const [, mark, id, expires, signature] = TOKEN.exec(token) ?? []
  if (mark === undefined || id === undefined || expires === undefined || signature === undefined) return null
  if (!sameSecret(signature, sign(config.signingSecret, textOf(mark, id, expires)))) return null
  if (Number.parseInt(expires, 36) * 1000 <= now.getTime()) return null
  const kind = mark === 't' ? 'ticket' : 'identity'
  return { kind, id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
}
