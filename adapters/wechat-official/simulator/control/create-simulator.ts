/** The simulated platform with its typed controls. */
import { randomInt } from 'node:crypto'
import { customerActionSchema, type CustomerAction } from '../callbacks/actions.ts'
import { ActionRefused, open } from '../callbacks/actor.ts'
import { replayAttempt, type Running } from '../callbacks/deliver.ts'
import { signAddressCheck } from '../callbacks/envelope.ts'
import { perform } from '../callbacks/perform.ts'
import { issueCode } from '../platform/oauth-endpoints.ts'
import { createPlatformHandler } from '../platform/handler.ts'
import { newTicket, randomText } from '../state/identifiers.ts'
import { newAccount, newCustomer, trimMap, type Account, type Customer } from '../state/records.ts'
import { createWorld, type SimulatorOptions, type World } from '../state/world.ts'
import type { Delivery, DeliveryAttempt } from '../types.ts'
import { createCustomerHandle } from './customer-handle.ts'
import { createFaultControl, type Lookup } from './fault-control.ts'
import { mountable } from './mountable.ts'
import { accountChangesSchema, accountSettingsSchema } from './settings.ts'
import { UnknownInSimulator, type OfficialAccountSimulator, type SimulatorControls } from './simulator.ts'
import { snapshotOf } from './snapshot.ts'

const lookupIn = (world: World): Lookup => {
  const account = (appId: string): Account => {
    const found = world.accounts.get(appId)
    if (!found) throw new UnknownInSimulator(`no account ${appId}`)
    return found
  }
  const customer = (appId: string, openId: string): Customer => {
    const found = account(appId).customers.get(openId)
    if (!found) throw new UnknownInSimulator(`no customer ${openId}`)
    return found
  }
  return { account, customer }
}

const checkCallback = async (world: World, account: Account): Promise<boolean> => {
  if (!account.callbackUrl) return false
  const echo = String(randomInt(2 ** 40)).padStart(16, '7')
  const url = signAddressCheck(account, echo, world.clock.now())
  const answer = await fetch(url, { redirect: 'manual' })
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    .catch(() => ({ status: 0, text: '' }))
  const { pathname, search } = new URL(url)
  world.recordCall({
    at: world.clock.now(),
    direction: 'callback',
    appId: account.appId,
    method: 'GET',
    path: pathname,
    query: search.slice(1),
    request: '',
    status: answer.status,
    response: answer.text.slice(0, 200),
  })
  return answer.status === 200 && answer.text === echo
}

type Setup = Pick<SimulatorControls, 'addAccount' | 'updateAccount' | 'addWebsite' | 'addTemplate' | 'createCode'>

const createSetup = (world: World, lookup: Lookup): Setup => ({
  addAccount(settings) {
    accountSettingsSchema.parse(settings)
    world.accounts.set(settings.appId, newAccount(settings))
    world.changed()
  },
  updateAccount(appId, changes) {
    const account = lookup.account(appId)
    const { ipAllowList, ...rest } = accountChangesSchema.parse(changes)
    for (const [name, value] of Object.entries(rest)) if (value !== undefined) Object.assign(account, { [name]: value })
    if (ipAllowList === null) delete account.ipAllowList
    else if (ipAllowList) account.ipAllowList = ipAllowList
    world.changed()
  },
  addWebsite: (website) => void world.websites.set(website.appId, website),
  addTemplate(template) {
    lookup.account(template.appId).templates.set(template.templateId, template)
    world.changed()
  },
  createCode(appId, scene) {
    const ticket = newTicket()
    lookup
      .account(appId)
      .tickets.set(ticket, { ticket, scene, numeric: false, url: `http://weixin.qq.com/q/02${randomText(22)}`, expiresAt: null })
    world.changed()
    return { ticket }
  },
})

type History = Pick<SimulatorControls, 'remember' | 'sent' | 'tokens' | 'calls' | 'clearHistory' | 'media' | 'delivery'>

const createHistory = (world: World, lookup: Lookup): History => ({
  remember(appId, openId, lines) {
    const actor = { world, account: lookup.account(appId), customer: lookup.customer(appId, openId) }
    for (const { by, text } of lines) {
      const content = { type: 'text' as const, text }
      if (by === 'customer') open(actor, 'message')
      world.addPhoneEntry(actor.customer, by === 'customer' ? { side: 'customer', content } : { side: 'account', content, via: 'custom' })
    }
  },
  sent: ({ appId, openId } = {}) =>
    world.sent.filter((message) => (!appId || message.appId === appId) && (!openId || message.openId === openId)),
  tokens: (appId) => lookup.account(appId).tokens,
  calls: ({ path, direction } = {}) =>
    world.calls.filter((call) => (!path || call.path === path) && (!direction || call.direction === direction)),
  clearHistory() {
    world.sent.length = 0
    world.calls.length = 0
    world.deliveries.clear()
    for (const { customers } of world.accounts.values()) for (const customer of customers.values()) customer.phone = []
    world.changed()
  },
  media: (appId, mediaId) => world.accounts.get(appId)?.media.get(mediaId) ?? null,
  delivery: (deliveryId) => world.deliveries.get(deliveryId),
})

/** Actions of customers, and following what became of them. */
const createActions = (world: World, lookup: Lookup) => {
  const running = new Map<string, Running>()
  const act = async (customer: Customer, action: CustomerAction): Promise<Delivery | null> => {
    const account = lookup.account(customer.appId)
    const started = perform({ world, account, customer }, customerActionSchema.parse(action))
    if (!started) return null
    running.set(started.delivery.id, started)
    trimMap(running, world.historyLimit)
    return started.firstAttempt
  }
  const settled = async (deliveryId: string): Promise<Delivery> => {
    const known = running.get(deliveryId)
    if (!known) throw new UnknownInSimulator(`no delivery ${deliveryId}`)
    return known.settled
  }
  const replay = async (deliveryId: string): Promise<DeliveryAttempt> => {
    const delivery = world.deliveries.get(deliveryId)
    const last = delivery?.attempts.at(-1)
    if (!delivery || !last) throw new ActionRefused('nothing was delivered that could be replayed')
    return replayAttempt(world, { account: lookup.account(delivery.appId) }, last)
  }
  return { act, settled, replay }
}

/** Plays the WeChat platform for any number of official accounts; knows nothing of the product behind the callback. */
export const createOfficialAccountSimulator = (options: SimulatorOptions = {}): OfficialAccountSimulator => {
  const world = createWorld(options)
  const lookup = lookupIn(world)
  const { act, settled, replay } = createActions(world, lookup)
  const handleFor = (customer: Customer) => createCustomerHandle(world, customer, act)
  const controls: SimulatorControls = {
    kind: 'wechat-official',
    base: 'wechat',
    handler: createPlatformHandler(world),
    clock: world.clock,
    ...createSetup(world, lookup),
    ...createHistory(world, lookup),
    ...createFaultControl(world, lookup),
    addCustomer(settings) {
      const customer = newCustomer(settings, world.clock.now())
      lookup.account(settings.appId).customers.set(customer.openId, customer)
      world.changed()
      return handleFor(customer)
    },
    customer: (appId, openId) => handleFor(lookup.customer(appId, openId)),
    act: async (appId, openId, action) => act(lookup.customer(appId, openId), action),
    issueOauthCode: ({ customer, ...consent }) =>
      issueCode(world, { ...consent, customer: lookup.customer(customer.appId, customer.openId) }),
    checkCallback: (appId) => checkCallback(world, lookup.account(appId)),
    settled,
    replay,
    snapshot: () => snapshotOf(world, 'wechat'),
    onChange(listener) {
      world.changes.on('change', listener)
      return () => void world.changes.off('change', listener)
    },
    stop: () => world.clock.stop(),
  }
  return { ...controls, ...mountable(controls) }
}
