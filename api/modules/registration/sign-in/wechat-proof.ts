import type { Ctx } from '../../../core/context.ts'
import { accountsOf } from '../../channels/index.ts'
import { addIdentity, customerByEdge, customerByIdentity, proveEdge, type ProvenEdge } from '../../customers/index.ts'
import type { ScanRow, WechatPerson } from '../../identity/index.ts'
import type { Proof } from './proofs.ts'

export interface FinishedScan {
  scan: Pick<ScanRow, 'via'>
  person: WechatPerson
}

const SOURCE = 'wechat_scan'

/** What the application that he scanned with calls him: an edge of the official account, or of the website application, which is no channel. */
async function edgeOf(ctx: Ctx, { scan, person }: FinishedScan): Promise<ProvenEdge> {
  if (scan.via === 'website') return { channelAccountId: null, kind: 'wechat-website', value: `${person.appId}:${person.openid}` }
  const account = await accountsOf(ctx.app).get(person.appId, ctx.trx)
  return { channelAccountId: account.id, kind: account.kind, value: person.openid }
}

/** A person whom WeChat has named (BP-002.3). The unionid joins what different applications call him. */
export function wechatProof(finished: FinishedScan): Proof {
  const { person } = finished
  const strong = { kind: 'unionid', value: person.unionid ?? '' } as const
  const attach: Proof['attach'] = async (ctx, customerId) => {
    await proveEdge(ctx, customerId, await edgeOf(ctx, finished), SOURCE)
    if (person.unionid !== null) await addIdentity(ctx, customerId, { ...strong, evidence: { source: SOURCE }, verified: true })
  }
  return {
    key: `wechat:${person.unionid ?? `${person.appId}:${person.openid}`}`,
    source: SOURCE,
    name: person.nickname,
    async holder(ctx) {
      const known =
        (await customerByEdge(ctx, await edgeOf(ctx, finished))) ??
        (person.unionid === null ? null : await customerByIdentity(ctx, strong.kind, strong.value))
      // Known by one of the two: from now on by both.
      if (known !== null) await attach(ctx, known)
      return known
    },
    attach,
  }
}
