/** Messages and events with the fields that all of them share. */
import type { Account, Customer } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { BodyFields } from './body.ts'
import { startDelivery, type Running } from './deliver.ts'

const envelopeFields = (world: World, account: Account, customer: Customer): BodyFields => ({
  ToUserName: account.originalId,
  FromUserName: customer.openId,
  CreateTime: Math.floor(world.clock.now() / 1000),
})

export const deliverEvent = (world: World, account: Account, customer: Customer, event: string, fields: BodyFields = {}): Running =>
  startDelivery(world, {
    account,
    customer,
    kind: event,
    fields: { ...envelopeFields(world, account, customer), MsgType: 'event', Event: event, ...fields },
  })

export const deliverMessage = (world: World, account: Account, customer: Customer, msgType: string, fields: BodyFields): Running => {
  const msgId = world.nextMsgId()
  return startDelivery(world, {
    account,
    customer,
    kind: msgType,
    msgId,
    fields: { ...envelopeFields(world, account, customer), MsgType: msgType, ...fields, MsgId: BigInt(msgId) },
  })
}
