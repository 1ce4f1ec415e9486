/** Settings of one web account. The form of the settings page is generated from this schema. */
import { z } from 'zod'
import { safeText } from '#api/contract/message.ts'

/** zod types `title` as one string, but the settings form needs it in both languages: assigned past the type, kept as it is in the JSON Schema. */
function labelled(title: { 'zh-CN': string; en: string }, more: { secret?: true } = {}): z.GlobalMeta {
  const meta: z.GlobalMeta = { ...more }
  Object.assign(meta, { title })
  return meta
}

/** `scheme://host[:port]` and nothing after it: what browsers compare, and what stands in `frame-ancestors`. */
function isOrigin(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value
}
const origin = safeText(255, 1).refine(isOrigin, { message: 'not_an_origin' })

export const webConfigSchema = z
  .strictObject({
    title: safeText(40, 1).meta(labelled({ 'zh-CN': '页面标题', en: 'Page title' })),
    welcome: safeText(500)
      .optional()
      .meta(labelled({ 'zh-CN': '欢迎语', en: 'Welcome text' })),
    accent: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/)
      .optional()
      .meta(labelled({ 'zh-CN': '主题色', en: 'Accent colour' })),
    /** Empty: only pages of our own origin may embed the chat. */
    allowedOrigins: z
      .array(origin)
      .max(50)
      .default([])
      .meta(labelled({ 'zh-CN': '允许嵌入的网站', en: 'Sites that may embed it' })),
    identitySecret: safeText(256, 32)
      .optional()
      .meta(labelled({ 'zh-CN': '身份签名密钥', en: 'Identity signing secret' }, { secret: true })),
    requireIdentity: z
      .boolean()
      .default(false)
      .meta(labelled({ 'zh-CN': '只接受已验证身份的访客', en: 'Only visitors with a verified identity' })),
  })
  .refine((config) => !config.requireIdentity || config.identitySecret !== undefined, {
    path: ['identitySecret'],
    message: 'secret_required',
  })

export type WebConfig = z.infer<typeof webConfigSchema>
