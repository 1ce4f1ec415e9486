import type { App } from '../../../core/app.ts'
import { sha256, sign } from '../../../core/secrets.ts'

/** Keyed and bound to its row: a million tries over a stolen table find nothing. */
export const codeDigest = (app: App, of: { id: string; phone: string; purpose: string; code: string }): Buffer =>
  sha256(sign(app.config.signingSecret, `code:${of.id}:${of.phone}:${of.purpose}:${of.code}`))
