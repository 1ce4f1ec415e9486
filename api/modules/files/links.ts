/** Links that need no sign-in: signed, expiring, for one file. Customers get them; staff use their session. */
import type { Config } from '../../core/config.ts'
import { sameSecret, sign } from '../../core/secrets.ts'

export type Variant = 'original' | 'thumbnail'

const textOf = (id: string, variant: Variant, expires: number) => `file.${id}.${variant}.${expires}`

/** @param lifetimeSeconds rounded up to the hour, so that reloading a page finds the picture in the browser's cache */
export function fileLink(config: Config, id: string, variant: Variant, now: Date, lifetimeSeconds: number): string {
  const expires = Math.ceil((now.getTime() / 1000 + lifetimeSeconds) / 3600) * 3600
  const path = `/files/${id}/${variant}?expires=${expires}&signature=${sign(config.signingSecret, textOf(id, variant, expires))}`
  return (config.filesOrigin ?? '') + path
}

export const linkIsGood = (config: Config, id: string, variant: Variant, expires: number, signature: string, now: Date): boolean =>
  sameSecret(signature, sign(config.signingSecret, textOf(id, variant, expires))) && expires > now.getTime() / 1000
