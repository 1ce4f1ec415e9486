/** The whole simulator at a glance, for the page. */
import { subButtons } from '../platform/menu.ts'
import { allowanceSummary } from '../state/allowances.ts'
import { quotaOf } from '../state/quota.ts'
import type { Account, Customer, MenuButton } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { AccountView, CustomerView, MenuButtonView, SimulatorView } from './view.ts'

const SHOWN_CALLS = 200
const SHOWN_TICKETS = 20
const SHOWN_DELIVERIES = 200

const customerView = (customer: Customer, now: number): CustomerView => {
  const { remaining, endsAt } = allowanceSummary(customer, now)
  return {
    openId: customer.openId,
    unionId: customer.unionId ?? null,
    nickname: customer.nickname,
    remark: customer.remark,
    following: customer.following,
    blocked: customer.blocked,
    refuses: customer.refuses,
    typing: customer.typingUntil > now,
    remaining: endsAt === null ? 0 : remaining,
    windowEndsAt: endsAt,
    grants: Object.fromEntries(customer.grants),
    phone: customer.phone,
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

const buttonView = (button: MenuButton): MenuButtonView => ({
  name: text(button['name']),
  type: text(button['type']),
  url: text(button['url']),
  sub: subButtons(button).map(buttonView),
})

const accountView = (account: Account, now: number): AccountView => {
  const quota = quotaOf(account, '/cgi-bin/message/custom/send', now)
  return {
    appId: account.appId,
    originalId: account.originalId,
    name: account.name,
    mode: account.mode,
    format: account.format,
    callbackUrl: account.callbackUrl ?? null,
    ipLocked: account.ipAllowList !== undefined,
    tokens: account.tokens.filter(({ expiresAt, supersededAt }) => expiresAt > now && (supersededAt ?? Infinity) > now).length,
    menu: (account.menu ?? []).map(buttonView),
    tickets: [...account.tickets.values()].slice(-SHOWN_TICKETS).map(({ ticket, scene, expiresAt }) => ({ ticket, scene, expiresAt })),
    templates: [...account.templates.values()].map(({ templateId, title, kind }) => ({ templateId, title, kind: kind ?? 'template' })),
    sendQuota: { limit: quota.daily_limit, used: quota.used },
    customers: [...account.customers.values()].map((customer) => customerView(customer, now)),
  }
}

export const snapshotOf = (world: World, base: string): SimulatorView => {
  const now = world.clock.now()
  return {
    kind: 'wechat-official',
    base,
    now,
    accounts: [...world.accounts.values()].map((account) => accountView(account, now)),
    apiFaults: world.apiFaults,
    callbackFaults: world.callbackFaults,
    reorder: { size: world.reorder.size, held: world.reorder.held.length },
    calls: world.calls.slice(-SHOWN_CALLS),
    deliveries: [...world.deliveries.values()].slice(-SHOWN_DELIVERIES).map(({ id, kind, state, openId }) => ({ id, kind, state, openId })),
  }
}
