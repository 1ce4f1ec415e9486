/** Messages of development: kept a quarter of an hour in Redis, shown on the simulator's page, sent to nobody. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { App } from '#api/core/app.ts'
import { CODE_MINUTES, type SmsProvider } from './provider.ts'

const KEEP_SECONDS = 900
const KEEP_MESSAGES = 50

const stored = z.object({ id: z.string(), phone: z.string(), text: z.string(), code: z.string().nullable(), sentAt: z.string() })
export type DevelopmentSms = z.infer<typeof stored>

const keyOf = (app: Pick<App, 'config'>) => `${app.config.redisPrefix}:development-sms`

export const makeDevelopment = (app: App): SmsProvider => ({
  async send({ phone, template, params }) {
    const code = params['code'] ?? null
    const text =
      template === 'code' && code ? `【连客】验证码 ${code}，${CODE_MINUTES} 分钟内有效，请勿告诉他人。` : '【连客】这是一条测试短信。'
    const message: DevelopmentSms = { id: randomUUID(), phone, text, code, sentAt: new Date().toISOString() }
    await app.redis
      .multi()
      .lpush(keyOf(app), JSON.stringify(message))
      .ltrim(keyOf(app), 0, KEEP_MESSAGES - 1)
      .expire(keyOf(app), KEEP_SECONDS)
      .exec()
    return { messageId: message.id }
  },
})

/** Newest first. */
export async function developmentSms(app: Pick<App, 'config' | 'redis'>): Promise<DevelopmentSms[]> {
  const lines = await app.redis.lrange(keyOf(app), 0, KEEP_MESSAGES - 1)
  return lines.map((line) => stored.parse(JSON.parse(line)))
}
