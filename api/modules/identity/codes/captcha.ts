/** Pictures that people read and programs do not easily; each is good for one answer, right or wrong. */
import svgCaptcha from 'svg-captcha'
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Captcha } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import { newId } from '../../../core/ids.ts'
import { sha256, sign } from '../../../core/secrets.ts'

const LIFETIME_SECONDS = 300

/** Bound to the picture. */
export const captchaDigest = (app: App, id: string, text: string) =>
  sha256(sign(app.config.signingSecret, `captcha:${id}:${text.normalize('NFKC').trim().toLowerCase()}`))

export async function createCaptcha(app: App): Promise<Captcha> {
  const { text, data } = svgCaptcha.create({
    size: 4,
    ignoreChars: '0oO1iIl',
    noise: 3,
    color: true,
    background: '#f4f5f7',
    width: 132,
    height: 40,
  })
  const id = newId()
  const expiresAt = new Date((await app.clock.now(app.db)).getTime() + LIFETIME_SECONDS * 1000)
  await app.db('captchas').insert({ id, digest: captchaDigest(app, id, text), expires_at: expiresAt })
  return { id, svg: data, expiresAt: expiresAt.toISOString() }
}

const taken = z.array(z.object({ digest: z.instanceof(Buffer), fresh: z.boolean() }))

/** Spends the picture, whatever the answer. */
export async function solveCaptcha(app: App, answer: { id: string; text: string }): Promise<boolean> {
  const [row] = taken.parse(
    await app
      .db('captchas')
      .where({ id: answer.id })
      .delete()
      .returning(['digest', app.db.raw('expires_at > app_now() as fresh')]),
  )
  return row !== undefined && row.fresh && timingSafeEqual(row.digest, captchaDigest(app, answer.id, answer.text))
}
