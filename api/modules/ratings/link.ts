/** The address under which a customer rates without signing in: it names one invitation and is signed. */
import { z } from 'zod'
import type { Config } from '../../core/config.ts'
import { sameSecret, sign } from '../../core/secrets.ts'

/** 144 bits are out of reach of guessing, and the address stays short enough for a message. */
const SIGNATURE_LENGTH = 24
const signatureOf = (config: Config, invitationId: string) =>
  sign(config.signingSecret, `rating.${invitationId}`).slice(0, SIGNATURE_LENGTH)

const hexOf = (token: string) => Buffer.from(token, 'base64url').toString('hex')
const asUuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

export function ratingLink(config: Config, invitationId: string): string {
  const id = Buffer.from(invitationId.replaceAll('-', ''), 'hex').toString('base64url')
  return `${config.publicUrl}/rate/${id}${signatureOf(config, invitationId)}`
}

/** The invitation that a token names; null for one that is not ours. */
export function invitationOf(config: Config, token: string): string | null {
  const parsed = z.uuid().safeParse(asUuid(hexOf(token.slice(0, -SIGNATURE_LENGTH))))
  if (!parsed.success) return null
  return sameSecret(token.slice(-SIGNATURE_LENGTH), signatureOf(config, parsed.data)) ? parsed.data : null
}
