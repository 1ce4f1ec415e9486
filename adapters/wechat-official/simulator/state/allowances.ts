/** How many messages an account may still send to somebody, and until when (customer-service messages, 客服消息). */
import type { Allowance, AllowanceKind, AllowanceRule } from '../types.ts'
import type { Customer } from './records.ts'

/** Each action opens its own allowance anew; the others run on. */
export const openAllowance = (customer: Customer, kind: AllowanceKind, rule: AllowanceRule, now: number) => {
  const opened: Allowance = { kind, openedAt: now, endsAt: now + rule.windowMs, remaining: rule.count }
  customer.allowances = [...customer.allowances.filter((allowance) => allowance.kind !== kind && allowance.endsAt > now), opened]
}

export const openAllowances = (customer: Customer, now: number) => customer.allowances.filter((allowance) => allowance.endsAt > now)

/** What is left altogether; `remaining: null` = no limit. */
export const allowanceSummary = (customer: Customer, now: number): { remaining: number | null; endsAt: number | null } => {
  const open = openAllowances(customer, now)
  const remaining = open.reduce<number | null>((sum, { remaining }) => (sum === null || remaining === null ? null : sum + remaining), 0)
  return { remaining, endsAt: open.length === 0 ? null : Math.max(...open.map(({ endsAt }) => endsAt)) }
}

/** Takes one message from the allowance that ends first. */
export const spendAllowance = (customer: Customer, now: number): 'spent' | 'closed' | 'exhausted' => {
  const open = openAllowances(customer, now).sort((a, b) => a.endsAt - b.endsAt)
  if (open.length === 0) return 'closed'
  const usable = open.find(({ remaining }) => remaining === null || remaining > 0)
  if (!usable) return 'exhausted'
  if (usable.remaining !== null) usable.remaining -= 1
  return 'spent'
}

export const closeAllowances = (customer: Customer) => {
  customer.allowances = []
}
