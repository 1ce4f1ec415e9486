/** Links that need no sign-in: signed, expiring, for one file. Customers get them; staff use their session. */
import type { Config } from '../../core/config.ts'
import { sameSecret, sign } from '../../core/secrets.ts'

export type Variant = 'original' | 'thumbnail'

export interface SignedLink {
  id: string
  variant: Variant
  /** Unix seconds. */
  expires: number
  signature: string
}

const textOf = ({ id, variant, expires }: Omit<SignedLink, 'signature'>) => `file.${id}.${variant}.${expires}`

/** @param until rounded up to the hour, so that reloading a page finds the picture in the browser's cache */
export function fileLink(config: Config, id: string, variant: Variant, until: Date): string {
  const expires = Math.ceil(until.getTime() / 3_600_000) * 3600
  const signature = sign(config.signingSecret, textOf({ id, variant, expires }))
  return `${config.filesOrigin ?? ''}/files/${id}/${variant}?expires=${expires}&signature=${signature}`
}

export const linkIsGood = (config: Config, link: SignedLink, now: Date): boolean =>
  sameSecret(link.signature, sign(config.signingSecret, textOf(link))) && link.expires > now.getTime() / 1000
