/** One simulated platform: its memory, clock and listeners, shared by all parts of the simulator. */
import { EventEmitter } from 'node:events'
import type {
  AllowanceKind,
  AllowanceRule,
  ApiFault,
  CallbackFaultKind,
  Content,
  PhoneEntry,
  SentMessage,
  SentVia,
  WireCall,
} from '../types.ts'
import { createClock, type SimulatorClock } from './clock.ts'
import { createIdSequence } from './identifiers.ts'
import { pushBounded, type Account, type Customer, type Directory } from './records.ts'

export interface SimulatorOptions {
  /** Base of the simulated time, default Date.now. */
  now?: (() => number) | undefined
  /** Time moves through `clock.advance` alone: for tests without waiting. Default false. */
  manualClock?: boolean | undefined
  /** How long the platform waits for the callback's answer before it delivers again. Default 5 000. */
  redeliverAfterMs?: number | undefined
  /** Deliveries of one action altogether; sources read "three times" differently. Default 3. */
  deliveryTotal?: number | undefined
  replyRules?: Partial<Record<AllowanceKind, AllowanceRule>> | undefined
  /** Address under which the account's server and the browser reach `handler`; else learnt from the first call. */
  publicBaseUrl?: string | undefined
  /** Lines, sent messages and deliveries that are kept. Default 5 000. */
  historyLimit?: number | undefined
}

const HOUR = 3_600_000
const MINUTE = 60_000
/** Current text of the platform; older texts say 20 messages in 48 hours. */
const DEFAULT_REPLY_RULES: Record<AllowanceKind, AllowanceRule> = {
  message: { windowMs: 48 * HOUR, count: 5 },
  menu: { windowMs: MINUTE, count: 3 },
  follow: { windowMs: MINUTE, count: 3 },
  scan: { windowMs: MINUTE, count: 3 },
  pay: { windowMs: 48 * HOUR, count: null },
}
const PHONE_LIMIT = 300

/** Adds a property to each member of a union by itself. */
type WithoutPosition<T> = T extends unknown ? Omit<T, 'id' | 'at'> : never

export interface World extends Directory {
  clock: SimulatorClock
  redeliverAfterMs: number
  deliveryTotal: number
  replyRules: Record<AllowanceKind, AllowanceRule>
  historyLimit: number
  publicBaseUrl: string | undefined
  sent: SentMessage[]
  calls: WireCall[]
  apiFaults: ApiFault[]
  callbackFaults: CallbackFaultKind[]
  /** Deliveries to hold back until so many have gathered, then released last first. */
  reorder: { size: number; held: (() => Promise<void>)[] }
  changes: EventEmitter<{ change: [] }>
  nextMsgId(): string
  nextNumber(): number
  changed(): void
  addPhoneEntry(customer: Customer, entry: WithoutPosition<PhoneEntry>): void
  recordSent(account: Account, customer: Customer, message: SentRecord): SentMessage
  recordCall(call: Omit<WireCall, 'id'>): void
}
export interface SentRecord {
  via: SentVia
  msgType: string
  content: Content
  payload: Record<string, unknown>
  msgId?: string | undefined
}

type Settings = Pick<World, 'redeliverAfterMs' | 'deliveryTotal' | 'replyRules' | 'historyLimit' | 'publicBaseUrl'>

const settingsOf = (options: SimulatorOptions): Settings => ({
  redeliverAfterMs: options.redeliverAfterMs ?? 5_000,
  deliveryTotal: options.deliveryTotal ?? 3,
  replyRules: { ...DEFAULT_REPLY_RULES, ...options.replyRules },
  historyLimit: options.historyLimit ?? 5_000,
  publicBaseUrl: options.publicBaseUrl,
})

type Memory = Directory & Pick<World, 'sent' | 'calls' | 'apiFaults' | 'callbackFaults' | 'reorder'>

const emptyMemory = (): Memory => ({
  accounts: new Map(),
  websites: new Map(),
  deliveries: new Map(),
  oauthCodes: new Map(),
  oauthTokens: new Map(),
  refreshTokens: new Map(),
  sent: [],
  calls: [],
  apiFaults: [],
  callbackFaults: [],
  reorder: { size: 0, held: [] },
})

export const createWorld = (options: SimulatorOptions): World => {
  const changes = new EventEmitter<{ change: [] }>()
  changes.setMaxListeners(0)
  const changed = () => void changes.emit('change')
  let lastNumber = 0
  let sentCount = 0
  const world: World = {
    ...settingsOf(options),
    ...emptyMemory(),
    clock: createClock({ now: options.now, manual: options.manualClock, onAdvanced: changed }),
    changes,
    nextMsgId: createIdSequence(24_680_135_791_357_913n),
    nextNumber: () => ++lastNumber,
    changed,
    addPhoneEntry(customer, entry) {
      pushBounded(customer.phone, { ...entry, id: world.nextNumber(), at: world.clock.now() }, PHONE_LIMIT)
      changed()
    },
    recordSent({ appId }, customer, { msgId, ...message }) {
      const at = world.clock.now()
      const entry: SentMessage = { seq: ++sentCount, at, appId, openId: customer.openId, ...message, ...(msgId ? { msgId } : {}) }
      pushBounded(world.sent, entry, world.historyLimit)
      customer.lastExchangeAt = at
      customer.typingUntil = 0
      world.addPhoneEntry(customer, { side: 'account', content: message.content, via: message.via })
      return entry
    },
    recordCall(call) {
      pushBounded(world.calls, { ...call, id: world.nextNumber() }, world.historyLimit)
      changed()
    },
  }
  return world
}
