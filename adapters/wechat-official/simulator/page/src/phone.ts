/** One customer's phone. Built once, then told what changed, so that typing, playing and scrolling are never interrupted. */
import type { AccountView, CustomerView } from '../../control/view.ts'
import type { Delivery, PhoneEntry } from '../../types.ts'
import { act, command } from './api.ts'
import { renderContent, type Owner } from './bubbles.ts'
import { createComposer } from './composer.ts'
import { button, h, icon, ICONS, onLeave } from './dom.ts'
import { duration, timeOfDay, word, type Word } from './words.ts'

export type DeliveryStates = ReadonlyMap<string, Delivery['state']>
export interface Phone {
  element: HTMLElement
  update(account: AccountView, customer: CustomerView, deliveries: DeliveryStates): void
  /** Once a second: what is left of the window. */
  tick(now: number): void
}

/** Pixels from the end that still count as being there. */
const END_TOLERANCE = 40
const TIME_GAP_MS = 5 * 60_000
const SHOWN_STATES: Partial<Record<Delivery['state'], Word>> = {
  pending: 'pending',
  failed: 'failed',
  held: 'held',
  dropped: 'dropped',
  undeliverable: 'undeliverable',
}

const noticeText = (entry: Extract<PhoneEntry, { side: 'notice' }>) =>
  entry.notice === 'followed' && entry.detail ? word('followedBy', { detail: entry.detail }) : word(entry.notice, { detail: entry.detail })

const mark = (deliveryId: string | undefined) => h('span', { class: 'mark', 'data-delivery': deliveryId ?? '', testId: 'delivery-mark' })

const renderEntry = (owner: Owner, entry: PhoneEntry, names: { customer: string; account: string }): HTMLElement => {
  if (entry.side === 'notice') {
    const ownMark = entry.notice === 'service_unavailable' ? null : mark(entry.deliveryId)
    return h('li', { class: `notice ${entry.notice}`, testId: `notice-${entry.notice}` }, h('span', {}, noticeText(entry)), ownMark)
  }
  const name = names[entry.side]
  const avatar = h('span', { class: 'avatar', 'aria-hidden': 'true' }, [...name][0] ?? '')
  const content = renderContent(owner, entry.content)
  const side = entry.side === 'customer' ? 'own' : 'theirs'
  const note =
    entry.side === 'customer' ? mark(entry.deliveryId) : entry.via === 'passive' ? h('span', { class: 'mark' }, word('passive')) : null
  return h('li', { class: `entry ${side}`, testId: `entry-${entry.side}` }, avatar, content, note)
}

/**
 * Keeps the newest message in sight while pictures arrive late and drawers open, unless somebody scrolled up to read.
 * Growing content alone also moves the end away, so only a move upwards counts as leaving it.
 */
const keepAtEnd = (list: HTMLElement) => {
  let atEnd = true
  let lastTop = 0
  const stay = () => {
    if (atEnd) list.scrollTop = list.scrollHeight
  }
  list.addEventListener('load', stay, { capture: true })
  list.addEventListener('loadedmetadata', stay, { capture: true })
  new ResizeObserver(stay).observe(list)
  list.addEventListener('scroll', () => {
    if (list.scrollHeight - list.scrollTop - list.clientHeight < END_TOLERANCE) atEnd = true
    else if (list.scrollTop < lastTop) atEnd = false
    lastTop = list.scrollTop
  })
  return () => {
    atEnd = true
    stay()
  }
}

const markDeliveries = (list: HTMLElement, deliveries: DeliveryStates) => {
  for (const element of list.querySelectorAll<HTMLElement>('[data-delivery]')) {
    const state = deliveries.get(element.dataset['delivery'] ?? '')
    const shown = state && SHOWN_STATES[state]
    element.textContent = shown ? word(shown) : ''
    element.dataset['state'] = state ?? ''
  }
}

const createConversation = (owner: Owner) => {
  const list = h('ol', { class: 'conversation', testId: 'conversation', 'aria-live': 'polite', tabindex: '0' })
  const known = new Map<number, HTMLElement>()
  const goToEnd = keepAtEnd(list)
  let lastAt = 0
  const reset = () => {
    list.replaceChildren()
    known.clear()
    lastAt = 0
  }
  const append = (entry: PhoneEntry, names: { customer: string; account: string }) => {
    if (entry.at - lastAt > TIME_GAP_MS) list.append(h('li', { class: 'time' }, timeOfDay(entry.at)))
    lastAt = entry.at
    const element = renderEntry(owner, entry, names)
    known.set(entry.id, element)
    list.append(element)
  }
  const update = (entries: PhoneEntry[], names: { customer: string; account: string }, deliveries: DeliveryStates) => {
    const first = entries[0]
    if (known.size > 0 && (!first || !known.has(first.id))) reset()
    const fresh = entries.filter(({ id }) => !known.has(id))
    for (const entry of fresh) append(entry, names)
    markDeliveries(list, deliveries)
    if (fresh.length > 0) goToEnd()
  }
  return { list, update }
}

/** What the account's owner or the customer could do elsewhere in WeChat. */
const createMore = (owner: Owner) => {
  const { appId, openId } = owner
  const list = h('div', { class: 'popover', testId: 'phone-more-list', hidden: true, tabindex: '-1' })
  const toggle = h(
    'button',
    { type: 'button', class: 'plain', testId: 'phone-more', 'aria-label': word('more'), 'aria-expanded': 'false' },
    icon(ICONS.more),
  )
  const show = (open: boolean) => {
    list.hidden = !open
    toggle.setAttribute('aria-expanded', String(open))
  }
  toggle.addEventListener('click', () => show(list.hasAttribute('hidden')))
  list.addEventListener('click', () => show(false))
  const update = (customer: CustomerView) => {
    const follow = customer.following
      ? button(word('unfollow'), 'unfollow', () => void act(appId, openId, { type: 'unfollow' }), 'row')
      : button(word('follow'), 'follow', () => void act(appId, openId, { type: 'follow' }), 'row')
    const set = (changes: { blocked?: boolean; refuses?: boolean }) => void command({ command: 'set_customer', appId, openId, ...changes })
    list.replaceChildren(
      follow,
      button(word(customer.blocked ? 'unblock' : 'block'), 'block', () => set({ blocked: !customer.blocked }), 'row'),
      button(word(customer.refuses ? 'accept' : 'refuse'), 'refuse', () => set({ refuses: !customer.refuses }), 'row'),
      button(word('closeWindow'), 'close-window', () => void command({ command: 'close_window', appId, openId }), 'row'),
      button(word('openWindow'), 'open-window', () => void command({ command: 'open_window', appId, openId, kind: 'message' }), 'row'),
    )
  }
  return { toggle, list, update, close: () => show(false) }
}

const statusOf = ({ following, blocked, refuses }: CustomerView): Word =>
  !following ? 'notFollowing' : blocked ? 'blocked' : refuses ? 'refuses' : 'following'

const windowText = (customer: CustomerView, now: number): string => {
  if (customer.windowEndsAt === null || customer.windowEndsAt <= now) return word('windowClosed')
  const time = duration(customer.windowEndsAt - now)
  return customer.remaining === null ? word('windowUnlimited', { time }) : word('windowOpen', { count: customer.remaining, time })
}

export const createPhone = (owner: Owner): Phone => {
  const name = h('strong', { testId: 'phone-nickname' })
  const status = h('span', { class: 'pill', testId: 'phone-status' })
  const allowance = h('span', { class: 'allowance', testId: 'phone-window' })
  const title = h('span', { class: 'phone-title', testId: 'phone-title' })
  const conversation = createConversation(owner)
  const more = createMore(owner)
  const composer = createComposer(owner)
  const bar = h('header', { class: 'phone-bar' }, title, more.toggle, more.list)
  onLeave(bar, more.close)
  const screen = h('div', { class: 'screen' }, bar, conversation.list, composer.element)
  const element = h(
    'article',
    { class: 'phone-with-caption', testId: `phone-${owner.openId}` },
    h('div', { class: 'caption' }, name, status, allowance),
    screen,
  )
  let shown: CustomerView | null = null
  const tick = (now: number) => {
    if (!shown) return
    allowance.textContent = windowText(shown, now)
    allowance.classList.toggle('closed', shown.windowEndsAt === null || shown.windowEndsAt <= now)
  }
  return {
    element,
    tick,
    update(account, customer, deliveries) {
      shown = customer
      name.textContent = customer.nickname
      status.textContent = word(statusOf(customer))
      status.dataset['state'] = statusOf(customer)
      title.textContent = customer.typing ? word('typing') : account.name
      conversation.update(customer.phone, { customer: customer.nickname, account: account.name }, deliveries)
      more.update(customer)
      composer.update(account, customer)
    },
  }
}
