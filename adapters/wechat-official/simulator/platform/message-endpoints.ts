/** Customer-service messages (客服消息) and the typing command. */
import { spendAllowance } from '../state/allowances.ts'
import type { Account, Customer } from '../state/records.ts'
import { OK, withToken, type AccountContext, type Answer, type Endpoints } from './endpoint.ts'
import { refuse } from './errors.ts'
import { fieldsOf, parseFields, textOf, type Fields } from './fields.ts'
import { readMessage } from './message-content.ts'

/** The typing command needs an exchange this recent, and shows for half of it. */
const TYPING_NEEDS_MS = 30_000
const TYPING_SHOWN_MS = 15_000

export const recipient = (account: Account, openId: unknown): Customer => account.customers.get(textOf(openId)) ?? refuse(40003)

const refuseUnreachable = (account: Account, customer: Customer) => {
  if (customer.blocked) refuse(43019)
  if (!customer.following) refuse(account.unfollowedErrcode)
  if (customer.refuses) refuse(48002)
}

const checkServiceDesk = (account: Account, body: Fields) => {
  if (body['customservice'] === undefined) return
  if (!account.kfAccounts) refuse(65400)
  if (!account.kfAccounts.includes(textOf(fieldsOf(body['customservice'])['kf_account']))) refuse(61452)
}

const sendMessage = ({ world, account, body, now }: AccountContext): Answer => {
  const payload = parseFields(body)
  const customer = recipient(account, payload['touser'])
  const { msgType, content } = readMessage(payload, account, now)
  checkServiceDesk(account, payload)
  refuseUnreachable(account, customer)
  const spent = spendAllowance(customer, now)
  if (spent === 'closed') refuse(45015)
  if (spent === 'exhausted') refuse(45047)
  world.recordSent(account, customer, { via: 'custom', msgType, content, payload })
  return { json: OK }
}

const showTyping = ({ world, account, body, now }: AccountContext): Answer => {
  const payload = parseFields(body)
  const customer = recipient(account, payload['touser'])
  const command = textOf(payload['command'])
  if (command !== 'Typing' && command !== 'CancelTyping') refuse(45072)
  refuseUnreachable(account, customer)
  if (customer.lastExchangeAt === null || now - customer.lastExchangeAt > TYPING_NEEDS_MS) refuse(45080)
  if (command === 'Typing' && customer.typingUntil > now) refuse(45081)
  customer.typingUntil = command === 'Typing' ? now + TYPING_SHOWN_MS : 0
  world.changed()
  world.clock.after(TYPING_SHOWN_MS, world.changed)
  return { json: OK }
}

export const messageEndpoints: Endpoints = {
  '/cgi-bin/message/custom/send': withToken('POST', sendMessage),
  '/cgi-bin/message/custom/typing': withToken('POST', showTyping),
}
