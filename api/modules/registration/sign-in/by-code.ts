import type { CodeTicket } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import { type CustomerActor, readOnly, type RequestSource, SYSTEM } from '../../../core/context.ts'
import { AppError } from '../../../core/errors.ts'
import { parsePhone } from '../../../core/phone.ts'
import { checkCode, releaseCode, requestCode } from '../../identity/index.ts'
import { openLink } from '../links/use-link.ts'
import { webPageAccount } from '../web-page.ts'
import { checkPrivacyVersion } from './consent.ts'
import { enter, type Entered } from './enter.ts'
import { phoneProof } from './proofs.ts'

/** What every way of signing in brings with it. */
export interface Arrival {
  app: App
  accountId: string
  visitor: CustomerActor | null
  source: RequestSource | null
}

/** Signing in for the first time is registering: one purpose, so that nobody learns from outside whether a number is known. */
export const LOGIN_CODE = 'customer_login'

/** @throws as `requestCode`; NotFound for a page that is not there */
export async function sendLoginCode(
  app: App,
  accountId: string,
  input: { phone: string; captcha?: { id: string; text: string } | undefined; ip: string },
): Promise<CodeTicket> {
  await webPageAccount(app, accountId)
  return requestCode(app, { ...input, purpose: LOGIN_CODE })
}

interface CodeLogin {
  phone: string
  code: string
  privacyVersion: number
  link?: string | undefined
  keepConversation: boolean
}

/**
 * Registers, or signs in whom we know (BP-001.2, BP-002.2): the same request for both. What can be refused without the code is refused
 * before it is spent; when a link is used up in between, the code stays good, for registering without it.
 * @throws as `checkCode`; Conflict `privacy_changed`, `link_expired`, `link_used_up`, `link_revoked`; NotFound
 */
export async function signInByCode({ app, accountId, visitor, source }: Arrival, input: CodeLogin): Promise<Entered> {
  const page = await webPageAccount(app, accountId)
  const phone = parsePhone(input.phone)
  const ctx = await readOnly(app, SYSTEM, source)
  await checkPrivacyVersion(ctx, input.privacyVersion)
  const link = input.link === undefined ? null : await openLink(ctx, input.link, page.id)
  const code = await checkCode(app, { phone, purpose: LOGIN_CODE, code: input.code })
  try {
    return await enter(app, {
      page,
      method: 'code',
      proof: phoneProof(phone),
      privacyVersion: input.privacyVersion,
      link,
      visitor,
      keepConversation: input.keepConversation,
      source,
    })
  } catch (error) {
    if (error instanceof AppError) await releaseCode(app, code.id)
    throw error
  }
}
