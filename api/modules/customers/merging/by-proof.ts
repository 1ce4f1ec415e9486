import type { MergeReason } from '../../../contract/merge.ts'
import type { Ctx } from '../../../core/context.ts'
import { lockPair } from './lock-pair.ts'
import { mergeCustomers } from './merge-customers.ts'

/** Somebody has just shown that he is both, himself: a visitor who signed in and takes along what he wrote before. */
export async function mergeByProof(ctx: Ctx, pair: { from: string; into: string; reason: MergeReason }): Promise<void> {
  const [into, from] = await lockPair(ctx, pair.into, pair.from)
  await mergeCustomers(ctx, { into, from, choose: {}, reason: pair.reason })
}
