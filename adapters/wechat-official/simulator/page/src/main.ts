/** The page: phones of all customers side by side, and a panel to make the platform misbehave. */
import type { AccountView, SimulatorView } from '../../control/view.ts'
import { createAccountPanel } from './account-panel.ts'
import { command, readState, watchChanges } from './api.ts'
import { button, h } from './dom.ts'
import { createFaultsPanel } from './faults-panel.ts'
import { createLogPanel } from './log-panel.ts'
import { createPhone, type Phone } from './phone.ts'
import { createSmsPanel } from './sms-panel.ts'
import { switchLanguage, word } from './words.ts'

const TABS = ['faults', 'log', 'account', 'sms'] as const

interface Page {
  element: HTMLElement
  update(view: SimulatorView | null): void
  tick(now: number): void
  connected(connected: boolean): void
}

const createSidebar = () => {
  const panels = { faults: createFaultsPanel(), log: createLogPanel(), account: createAccountPanel(), sms: createSmsPanel() }
  const tabs = h('div', { class: 'tabs', role: 'tablist' })
  const show = (name: (typeof TABS)[number]) => {
    for (const [key, panel] of Object.entries(panels)) panel.element.hidden = key !== name
    panels.sms.update()
    for (const tab of tabs.children) tab.setAttribute('aria-selected', String(tab.getAttribute('data-tab') === name))
  }
  for (const name of TABS)
    tabs.append(
      h('button', { type: 'button', role: 'tab', 'data-tab': name, testId: `tab-${name}`, on: { click: () => show(name) } }, word(name)),
    )
  show('faults')
  const element = h('aside', { class: 'sidebar' }, tabs, ...Object.values(panels).map((panel) => panel.element))
  return {
    element,
    tick: panels.faults.tick,
    update(view: SimulatorView, account: AccountView | undefined) {
      panels.faults.update(view, account)
      panels.log.update(view)
      panels.account.update(account)
    },
  }
}

const addCustomerForm = (account: () => AccountView | undefined) => {
  const nickname = h('input', {
    type: 'text',
    maxlength: '32',
    required: true,
    placeholder: word('nickname'),
    testId: 'new-nickname',
    'aria-label': word('nickname'),
  })
  const form = h(
    'form',
    { class: 'new-phone', testId: 'new-phone' },
    h('h2', {}, word('addCustomer')),
    nickname,
    h('button', { type: 'submit', class: 'button primary', testId: 'add-customer' }, word('add')),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const appId = account()?.appId
    if (!appId) return
    void command({ command: 'add_customer', appId, nickname: nickname.value, following: false })
    nickname.value = ''
  })
  return form
}

/** The phones of everybody, in the order in which they were added. */
const createStage = (empty: HTMLElement, newPhone: HTMLElement) => {
  const phones = new Map<string, Phone>()
  const element = h('main', { class: 'stage' }, empty, newPhone)
  const phoneOf = (appId: string, openId: string): Phone => {
    const key = `${appId}:${openId}`
    const phone = phones.get(key) ?? createPhone({ appId, openId })
    if (!phones.has(key)) element.insertBefore(phone.element, newPhone)
    phones.set(key, phone)
    return phone
  }
  return {
    element,
    update({ accounts, deliveries, now }: SimulatorView) {
      const states = new Map(deliveries.map(({ id, state }) => [id, state]))
      for (const account of accounts) {
        for (const customer of account.customers) {
          const phone = phoneOf(account.appId, customer.openId)
          phone.update(account, customer, states)
          phone.tick(now)
        }
      }
    },
    tick(now: number) {
      for (const phone of phones.values()) phone.tick(now)
    },
  }
}

/** Which account the sidebar is about; only there when there are several. */
const createChooser = () => {
  const element = h('select', { class: 'chooser', testId: 'account-chooser', 'aria-label': word('officialAccount'), hidden: true })
  const update = (accounts: AccountView[]) => {
    element.hidden = accounts.length < 2
    if (element.options.length === accounts.length) return
    element.replaceChildren(...accounts.map(({ appId, name }) => h('option', { value: appId }, name)))
  }
  return { element, update }
}

const createPage = (onLanguage: () => void): Page => {
  let view: SimulatorView | null = null
  const chooser = createChooser()
  const account = () => view?.accounts.find(({ appId }) => appId === chooser.element.value) ?? view?.accounts[0]
  const sidebar = createSidebar()
  const empty = h('p', { class: 'empty', testId: 'no-accounts' }, word('empty'))
  const newPhone = addCustomerForm(account)
  const stage = createStage(empty, newPhone)
  const offline = h('p', { class: 'offline', role: 'status', hidden: true }, word('offline'))
  const heading = h('div', {}, h('h1', {}, word('title')), h('p', { class: 'quiet' }, word('subtitle')))
  const header = h('header', { class: 'top' }, heading, chooser.element, button(word('language'), 'language', onLanguage))
  const updateSidebar = () => {
    if (view) sidebar.update(view, account())
  }
  chooser.element.addEventListener('change', updateSidebar)
  return {
    element: h('div', { class: 'page' }, header, offline, stage.element, sidebar.element),
    update(next) {
      view = next
      empty.hidden = (next?.accounts.length ?? 0) > 0
      newPhone.hidden = !empty.hidden
      if (!next) return
      chooser.update(next.accounts)
      stage.update(next)
      updateSidebar()
    },
    tick(now) {
      stage.tick(now)
      sidebar.tick(now)
    },
    connected: (connected) => void (offline.hidden = connected),
  }
}

/** Runs `work` once at a time; calls meanwhile ask for one more run. */
const oneAtATime = (work: () => Promise<void>) => {
  let running = false
  let again = false
  const run = async (): Promise<void> => {
    again = running
    if (running) return
    running = true
    try {
      await work()
    } finally {
      running = false
    }
    if (again) await run()
  }
  return () => void run()
}

const start = (root: HTMLElement) => {
  let state: SimulatorView | null = null
  let skew = 0
  const now = () => Date.now() + skew
  const build = () => {
    const page = createPage(() => {
      switchLanguage()
      current = build()
    })
    root.replaceChildren(page.element)
    page.update(state)
    page.tick(now())
    return page
  }
  let current = build()
  const refresh = oneAtATime(async () => {
    // A lost connection is shown by the stream's own error, and the stream asks again on return.
    const next = await readState().catch(() => null)
    if (!next) return
    state = next
    skew = next.now - Date.now()
    current.update(next)
    current.tick(now())
  })
  watchChanges(refresh, (connected) => current.connected(connected))
  setInterval(() => current.tick(now()), 1_000)
}

const root = document.getElementById('app')
if (root) start(root)
