/**
 * Brings a customer's action to the account's server: at once, then again when the answer is not what the platform wants to hear,
 * until it was tried `deliveryTotal` times. The same MsgId every time, a fresh signature every time.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
 */
import { randomUUID } from 'node:crypto'
import { trimMap, type Account, type Customer } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { CallbackFaultKind, Delivery, DeliveryAttempt } from '../types.ts'
import { writeBody, type BodyFields } from './body.ts'
import { signCallback, type SignedCallback } from './envelope.ts'
import { readPassiveReply } from './passive-reply.ts'

const MAX_ANSWER_CHARACTERS = 65_536

export interface Outgoing {
  account: Account
  customer: Customer
  kind: string
  msgId?: string
  fields: BodyFields
}
/** A delivery under way. `firstAttempt` and `settled` resolve, they never reject. */
export interface Running {
  delivery: Delivery
  firstAttempt: Promise<Delivery>
  settled: Promise<Delivery>
}

const deferred = () => {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const waitUntil = (world: World, time: number) => {
  const ms = time - world.clock.now()
  return ms <= 0 ? Promise.resolve() : new Promise<void>((resolve) => void world.clock.after(ms, resolve))
}

/** One POST, cut off when the platform's patience ends. */
const post = async (world: World, signed: SignedCallback): Promise<Pick<DeliveryAttempt, 'status' | 'answer' | 'outcome'>> => {
  const cutOff = new AbortController()
  const cancel = world.clock.after(world.redeliverAfterMs, () => cutOff.abort())
  try {
    const response = await fetch(signed.url, {
      method: 'POST',
      headers: { 'content-type': signed.contentType, 'user-agent': 'Mozilla/4.0' },
      body: signed.body,
      redirect: 'manual',
      signal: cutOff.signal,
    })
    const answer = (await response.text()).slice(0, MAX_ANSWER_CHARACTERS)
    return {
      status: response.status,
      answer,
      outcome: response.status === 200 && (answer === '' || answer === 'success') ? 'accepted' : 'refused',
    }
  } catch {
    return { outcome: cutOff.signal.aborted ? 'timed_out' : 'unreachable' }
  } finally {
    cancel()
  }
}

const logAttempt = (world: World, { account, kind, fields }: Outgoing, attempt: DeliveryAttempt) => {
  const { pathname, search } = new URL(attempt.url)
  world.recordCall({
    at: attempt.at,
    direction: 'callback',
    appId: account.appId,
    method: 'POST',
    path: pathname,
    query: search.slice(1),
    request: attempt.body,
    kind,
    content: writeBody(fields, account.format),
    status: attempt.status ?? 0,
    response: attempt.answer ?? attempt.outcome,
    ...(attempt.fault ? { fault: attempt.fault } : {}),
  })
}

const applyReply = (world: World, { account, customer }: Outgoing, delivery: Delivery, attempt: DeliveryAttempt) => {
  if (attempt.outcome !== 'refused' || attempt.status !== 200) return
  const reply = readPassiveReply(account, customer.openId, attempt.answer ?? '')
  if (!reply) return
  attempt.outcome = 'replied'
  // A redelivery may be answered again; the customer still reads one answer.
  if (delivery.passiveReply) return
  delivery.passiveReply = reply.content
  world.recordSent(account, customer, { via: 'passive', msgType: reply.content.type, ...reply })
}

const attemptOnce = async (world: World, outgoing: Outgoing, delivery: Delivery, fault: CallbackFaultKind | undefined) => {
  const at = world.clock.now()
  const signed = signCallback(outgoing.account, { openId: outgoing.customer.openId, fields: outgoing.fields, fault }, at)
  const attempt: DeliveryAttempt = { at, ...signed, ...(fault ? { fault } : {}), outcome: 'waiting' }
  delivery.attempts.push(attempt)
  world.changed()
  Object.assign(attempt, await post(world, signed))
  applyReply(world, outgoing, delivery, attempt)
  logAttempt(world, outgoing, attempt)
  return attempt.outcome === 'accepted' || attempt.outcome === 'replied'
}

const reportFailure = (world: World, { customer, kind }: Outgoing, delivery: Delivery) => {
  delivery.state = 'failed'
  world.addPhoneEntry(customer, { side: 'notice', notice: 'service_unavailable', detail: kind, deliveryId: delivery.id })
}

/** `duplicate` makes one more delivery of what was accepted. */
const run = async (world: World, outgoing: Outgoing, delivery: Delivery, fault: CallbackFaultKind | undefined, firstDone: () => void) => {
  for (let attempt = 1; attempt <= world.deliveryTotal; attempt += 1) {
    const startedAt = world.clock.now()
    const accepted = await attemptOnce(world, outgoing, delivery, fault)
    if (accepted && fault === 'duplicate' && attempt === 1) await attemptOnce(world, outgoing, delivery, fault)
    if (accepted) delivery.state = 'accepted'
    firstDone()
    if (accepted) return world.changed()
    if (attempt < world.deliveryTotal) await waitUntil(world, startedAt + world.redeliverAfterMs)
  }
  reportFailure(world, outgoing, delivery)
}

/** Sends what is being held back, newest first and one after the other, so that they also arrive that way. */
export const releaseHeld = async (world: World): Promise<void> => {
  const held = world.reorder.held.splice(0).reverse()
  world.reorder.size = 0
  for (const start of held) await start()
}

const holdOrStart = (world: World, delivery: Delivery, start: () => Promise<void>) => {
  if (world.reorder.size === 0) return void start()
  delivery.state = 'held'
  world.reorder.held.push(() => {
    delivery.state = 'pending'
    return start()
  })
  if (world.reorder.held.length >= world.reorder.size) void releaseHeld(world)
  else world.changed()
}

export const startDelivery = (world: World, outgoing: Outgoing): Running => {
  const { account, customer, kind, msgId } = outgoing
  const delivery: Delivery = {
    id: randomUUID(),
    appId: account.appId,
    openId: customer.openId,
    kind,
    ...(msgId ? { msgId } : {}),
    state: 'pending',
    attempts: [],
  }
  world.deliveries.set(delivery.id, delivery)
  trimMap(world.deliveries, world.historyLimit)
  const fault = account.callbackUrl ? world.callbackFaults.shift() : undefined
  if (!account.callbackUrl || fault === 'drop') {
    delivery.state = fault === 'drop' ? 'dropped' : 'undeliverable'
    world.changed()
    return { delivery, firstAttempt: Promise.resolve(delivery), settled: Promise.resolve(delivery) }
  }
  const first = deferred()
  const all = deferred()
  holdOrStart(world, delivery, () => {
    void run(world, outgoing, delivery, fault, first.resolve).then(all.resolve)
    return first.promise
  })
  const heldNow = delivery.state === 'held'
  return {
    delivery,
    firstAttempt: heldNow ? Promise.resolve(delivery) : first.promise.then(() => delivery),
    settled: all.promise.then(() => delivery),
  }
}

/** The very bytes of an earlier attempt once more: what somebody does who listened in. */
export const replayAttempt = async (
  world: World,
  outgoing: Pick<Outgoing, 'account'>,
  attempt: DeliveryAttempt,
): Promise<DeliveryAttempt> => {
  const replayed: DeliveryAttempt = {
    at: world.clock.now(),
    url: attempt.url,
    contentType: attempt.contentType,
    body: attempt.body,
    outcome: 'waiting',
  }
  Object.assign(replayed, await post(world, replayed))
  world.recordCall({
    at: replayed.at,
    direction: 'callback',
    appId: outgoing.account.appId,
    method: 'POST',
    path: new URL(replayed.url).pathname,
    query: new URL(replayed.url).search.slice(1),
    request: replayed.body,
    status: replayed.status ?? 0,
    response: replayed.answer ?? replayed.outcome,
    fault: 'replay',
  })
  return replayed
}
