import { z } from 'zod'

/** How callbacks arrive, as chosen at the platform: 明文 plain, 兼容 compatible, 安全 safe. */
export const CALLBACK_MODES = ['safe', 'compatible', 'plain'] as const

const baseUrl = z.url({ protocol: /^https?$/ }).max(200)
/** Both languages stand in one title: the settings form picks. zod types a title as one text, a record of unknowns is what it lets pass. */
const title = (zh: string, en: string): Record<string, unknown> => ({ title: { 'zh-CN': zh, en } })

/** A template that the account may use, so that an agent can choose it when the reply window is closed. */
const templateSchema = z.strictObject({
  id: z.string().min(1).max(128).meta(title('模板 ID', 'Template id')),
  name: z.string().min(1).max(80).meta(title('名称', 'Name')),
  /** As shown by the platform: `{{thing1.DATA}}` marks a field. */
  content: z.string().max(1024).meta(title('模板内容', 'Content')),
})

export const configSchema = z
  .strictObject({
    appId: z
      .string()
      .regex(/^wx[0-9A-Za-z_-]{4,30}$/, { message: 'app_id' })
      .meta(title('AppID', 'AppID')),
    appSecret: z
      .string()
      .regex(/^\S{8,128}$/, { message: 'app_secret' })
      .meta({ ...title('AppSecret', 'AppSecret'), secret: true }),
    token: z
      .string()
      .regex(/^[A-Za-z0-9]{3,32}$/, { message: 'token' })
      .meta({ ...title('令牌(Token)', 'Token'), secret: true }),
    encodingAesKey: z
      .string()
      .regex(/^[A-Za-z0-9]{43}$/, { message: 'encoding_aes_key' })
      .optional()
      .meta({ ...title('消息加解密密钥(EncodingAESKey)', 'EncodingAESKey'), secret: true }),
    mode: z.enum(CALLBACK_MODES).default('safe').meta(title('消息加解密方式', 'Encryption of callbacks')),
    originalId: z
      .string()
      .regex(/^gh_\w{1,40}$/, { message: 'original_id' })
      .optional()
      .meta(title('原始 ID(gh_ 开头)', 'Original id (gh_…)')),
    timestampToleranceSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(600)
      .meta(title('回调时间戳允许偏差(秒)', 'Accepted clock difference of callbacks (s)')),
    templates: z.array(templateSchema).max(50).optional().meta(title('模板消息', 'Template messages')),
    apiBase: baseUrl.optional().meta(title('接口地址', 'API base URL')),
    mpBase: baseUrl.optional().meta(title('公众平台地址', 'mp base URL')),
    openBase: baseUrl.optional().meta(title('开放平台地址', 'open base URL')),
  })
  .refine((config) => config.mode === 'plain' || config.encodingAesKey !== undefined, {
    path: ['encodingAesKey'],
    message: 'encoding_aes_key_required',
  })

export type OfficialAccountConfig = z.infer<typeof configSchema>
