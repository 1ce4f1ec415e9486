/** The suite that every channel must pass, whatever it talks to. */
import { describe } from '@jest/globals'
import type { CallbackRequest, ChannelAccount, ChannelAdapter } from '../contract/adapter.ts'
import { describeContract } from './describe-contract.ts'
import { describeParse } from './describe-parse.ts'
import { describeSend } from './describe-send.ts'
import { describeVerify } from './describe-verify.ts'

export interface AdapterSamples {
  /** Settings as an administrator would enter them; the first ones make the account of the suite. */
  configs: [unknown, ...unknown[]]
  /** A request that is the platform's at `now`, not the address check. */
  callback?: { request: CallbackRequest; now: Date }
  /** Payloads as `verify` returns them, by name: one per kind of message and event, no two the same event. */
  payloads?: Readonly<Record<string, string>>
}

/** An adapter together with an account that its own schema has accepted. */
export interface Subject<Config> {
  adapter: ChannelAdapter<Config>
  account: ChannelAccount<Config>
  samples: AdapterSamples
}

export function describeAdapter<Config>(adapter: ChannelAdapter<Config>, samples: AdapterSamples): void {
  const account = { id: '0192e4a0-0000-7000-8000-000000000001', kind: adapter.kind, config: adapter.configSchema.parse(samples.configs[0]) }
  const subject = { adapter, account, samples }
  describe(`the channel ${adapter.kind} keeps the adapter contract`, () => {
    describeContract(subject)
    if (adapter.verify !== undefined) describeVerify(subject)
    if (adapter.parse !== undefined) describeParse(subject)
    describeSend(subject)
  })
}
