import type { Request } from '@hapi/hapi'
import type { Ctx } from '#api/core/context.ts'
import type { AskedBy } from '#api/modules/identity/index.ts'
import { localeOf } from './confirm-words.ts'

/** Of whom the person who scans is told, before he confirms. */
export const askedBy = ({ source }: Ctx, request: Request): AskedBy => ({
  ip: source?.ip ?? 'unknown',
  userAgent: source?.userAgent ?? null,
  locale: localeOf(request.headers['accept-language']),
})
