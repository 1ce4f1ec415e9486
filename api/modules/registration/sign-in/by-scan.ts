import { readOnly, SYSTEM } from '../../../core/context.ts'
import { finishScan } from '../../identity/index.ts'
import { openLink } from '../links/use-link.ts'
import { webPageAccount } from '../web-page.ts'
import type { Arrival } from './by-code.ts'
import { checkPrivacyVersion } from './consent.ts'
import { enter, type Entered } from './enter.ts'
import { wechatProof } from './wechat-proof.ts'

interface ScanLogin {
  scanId: string
  browserToken: string
  privacyVersion: number
  link?: string | undefined
  keepConversation: boolean
}

/**
 * Signs in, or registers, whom WeChat has named (BP-002.3): only in the browser that began the scan, and once.
 * @throws Conflict `scan_expired`, `privacy_changed`, `link_…`; NotFound
 */
export async function signInByScan({ app, accountId, visitor, source }: Arrival, input: ScanLogin): Promise<Entered> {
  const page = await webPageAccount(app, accountId)
  const ctx = await readOnly(app, SYSTEM, source)
  await checkPrivacyVersion(ctx, input.privacyVersion)
  const link = input.link === undefined ? null : await openLink(ctx, input.link, page.id)
  const finished = await finishScan(app, { id: input.scanId, browser: input.browserToken, purpose: 'customer_login' })
  return enter(app, {
    page,
    method: 'wechat',
    proof: wechatProof(finished),
    privacyVersion: input.privacyVersion,
    link,
    visitor,
    keepConversation: input.keepConversation,
    source,
  })
}
