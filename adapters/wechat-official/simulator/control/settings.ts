/** Settings that the simulator accepts: a wrong one must fail here, not in the middle of a delivery. */
import { z } from 'zod'

const callbackUrl = z.url({ protocol: /^https?$/ })

export const accountChangesSchema = z.object({
  appSecret: z.string().min(1).optional(),
  token: z
    .string()
    .regex(/^[A-Za-z0-9]{3,32}$/)
    .optional(),
  encodingAesKey: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/)
    .optional(),
  mode: z.enum(['plain', 'compatible', 'safe']).optional(),
  format: z.enum(['xml', 'json']).optional(),
  name: z.string().optional(),
  callbackUrl: callbackUrl.optional(),
  unionBound: z.boolean().optional(),
  oauthDomain: z.string().optional(),
  /** null = any address. */
  ipAllowList: z.array(z.string()).nullish(),
  voiceRecognition: z.boolean().optional(),
  kfAccounts: z.array(z.string()).optional(),
  unfollowedErrcode: z.union([z.literal(45015), z.literal(43004)]).optional(),
})
export type AccountChanges = z.infer<typeof accountChangesSchema>

export const accountSettingsSchema = accountChangesSchema
  .extend({
    appId: z.string().min(1),
    appSecret: z.string().min(1),
    token: z.string().regex(/^[A-Za-z0-9]{3,32}$/),
    originalId: z.string().optional(),
    ipAllowList: z.array(z.string()).optional(),
  })
  .refine(({ mode, encodingAesKey }) => mode === 'plain' || encodingAesKey !== undefined, {
    message: 'encrypted modes need an encodingAesKey',
  })

export const apiFaultSchema = z.object({
  path: z.string().regex(/^(\*|\/.+)$/),
  times: z.int().positive().optional(),
  fault: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('latency'), ms: z.int().nonnegative() }),
    z.object({ kind: z.literal('status'), status: z.int().min(400).max(599) }),
    z.object({ kind: z.literal('malformed') }),
    z.object({ kind: z.literal('reset_before') }),
    z.object({ kind: z.literal('reset_after') }),
    z.object({ kind: z.literal('errcode'), errcode: z.int(), errmsg: z.string().optional() }),
  ]),
})

export const callbackFaultSchema = z.enum(['wrong_signature', 'wrong_appid', 'missing_signature', 'stale_timestamp', 'duplicate', 'drop'])
