/** Who acts, and what an action does to the windows in which the account may answer. */
import { openAllowance } from '../state/allowances.ts'
import type { Account, Customer } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { AllowanceKind } from '../types.ts'

export interface Actor {
  world: World
  account: Account
  customer: Customer
}

/** A phone would not allow it: writing to an account that one does not follow, a code that has expired. */
export class ActionRefused extends Error {}

export const open = ({ world, customer }: Actor, kind: AllowanceKind) => {
  const now = world.clock.now()
  openAllowance(customer, kind, world.replyRules[kind], now)
  customer.lastExchangeAt = now
}

export const requireFollowing = ({ customer }: Actor) => {
  if (!customer.following) throw new ActionRefused('the customer does not follow the account')
}
