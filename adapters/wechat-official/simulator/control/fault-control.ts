/** Faults on request, and moving time. */
import { releaseHeld } from '../callbacks/deliver.ts'
import { closeAllowances, openAllowance } from '../state/allowances.ts'
import type { Account, Customer } from '../state/records.ts'
import { expireTokens } from '../state/tokens.ts'
import type { World } from '../state/world.ts'
import type { AllowanceKind, ApiFault, CallbackFaultKind } from '../types.ts'

export interface FaultControl {
  /** The next calls of a path misbehave. */
  addApiFault(fault: ApiFault): void
  /** The next deliveries misbehave. */
  addCallbackFault(fault: CallbackFaultKind, times?: number): void
  /** Holds back deliveries until `size` have gathered, then sends them newest first. */
  reorderNext(size: number): void
  releaseHeld(): void
  clearFaults(): void
  /** `expired` answers 42001, `revoked` 40001. */
  expireTokens(appId: string, how?: 'expired' | 'revoked'): void
  expireMedia(appId: string): void
  closeWindow(appId: string, openId: string): void
  openWindow(appId: string, openId: string, kind: AllowanceKind): void
  /** Calls a day; null = the platform's own limit. */
  setDailyLimit(appId: string, path: string, limit: number | null): void
  /** How the next template messages end. */
  failTemplates(appId: string, status: 'failed:user block' | 'failed: system failed', times?: number): void
  /** Blocklist of the account (43019) and receiving switched off by the customer (48002). */
  setCustomer(appId: string, openId: string, changes: { blocked?: boolean | undefined; refuses?: boolean | undefined }): void
}

export interface Lookup {
  account(appId: string): Account
  customer(appId: string, openId: string): Customer
}

const deliveryFaults = (
  world: World,
): Pick<FaultControl, 'addApiFault' | 'addCallbackFault' | 'reorderNext' | 'releaseHeld' | 'clearFaults'> => ({
  addApiFault(fault) {
    world.apiFaults.push(fault)
    world.changed()
  },
  addCallbackFault(fault, times = 1) {
    world.callbackFaults.push(...Array.from({ length: times }, () => fault))
    world.changed()
  },
  reorderNext(size) {
    world.reorder.size = size
    world.changed()
  },
  releaseHeld: () => void releaseHeld(world),
  clearFaults() {
    world.apiFaults.length = 0
    world.callbackFaults.length = 0
    void releaseHeld(world)
    world.changed()
  },
})

export const createFaultControl = (world: World, lookup: Lookup): FaultControl => ({
  ...deliveryFaults(world),
  expireTokens(appId, how = 'expired') {
    expireTokens(lookup.account(appId), how, world.clock.now())
    world.changed()
  },
  expireMedia(appId) {
    for (const media of lookup.account(appId).media.values()) media.expiresAt = world.clock.now()
  },
  closeWindow(appId, openId) {
    closeAllowances(lookup.customer(appId, openId))
    world.changed()
  },
  openWindow(appId, openId, kind) {
    openAllowance(lookup.customer(appId, openId), kind, world.replyRules[kind], world.clock.now())
    world.changed()
  },
  setDailyLimit(appId, path, limit) {
    const { dailyLimits } = lookup.account(appId)
    if (limit === null) dailyLimits.delete(path)
    else dailyLimits.set(path, limit)
    world.changed()
  },
  failTemplates(appId, status, times = 1) {
    lookup.account(appId).templateOutcomes.push(...Array.from({ length: times }, () => status))
  },
  setCustomer(appId, openId, { blocked, refuses }) {
    const customer = lookup.customer(appId, openId)
    if (blocked !== undefined) customer.blocked = blocked
    if (refuses !== undefined) customer.refuses = refuses
    world.changed()
  },
})
