import type { ChannelAccount } from '../contract/adapter.ts'
import type { ChannelContext } from '../contract/context.ts'
import type { OfficialAccountConfig } from './config.ts'

export type OfficialAccount = ChannelAccount<OfficialAccountConfig>

/** The addresses of one account; its own settings go before the environment's, so that a simulator differs by them alone. */
export function basesOf(account: OfficialAccount, ctx: ChannelContext): { api: string; mp: string } {
  return { api: withoutSlash(account.config.apiBase ?? ctx.bases.wxApi), mp: withoutSlash(account.config.mpBase ?? ctx.bases.wxMp) }
}

const withoutSlash = (base: string): string => base.replace(/\/+$/, '')
