/** Who is on the other side. */
import { button, h, icon } from '../../h.ts'
import type { ChatState } from '../state.ts'
import type { Session, WebConversation } from '../wire.ts'
import type { Say } from '../words/words.ts'
import type { WordKey } from '../words/zh-cn.ts'
import { faceElement } from './bubble.ts'
import { ICONS } from './icons.ts'

/** Without an agent's name to show. */
const STATUS_WORDS = { queued: 'header.queued', open: 'header.idle', closed: 'header.closed' } as const

function statusKey(conversation: WebConversation | null): WordKey {
  const status = conversation?.status ?? 'open'
  if (status !== 'queued' || conversation?.queue) return STATUS_WORDS[status]
  return conversation?.offHours ? 'header.off_hours' : conversation?.choices ? 'header.idle' : STATUS_WORDS.queued
}

export interface AccountButton {
  open(): void
  /** Not to whom his site vouches for: he has an account there. */
  offered(session: Session): boolean
}

export class Header {
  readonly element: HTMLElement
  readonly #say: Say
  readonly #who = h('div', { class: 'who', 'data-testid': 'chat-agent' })
  readonly #offline = h('div', { class: 'banner offline', role: 'status', hidden: true })
  readonly #account: AccountButton
  readonly #accountButton: HTMLElement
  #look = ''

  /** `close` is null where the page stands alone; `tools` are buttons of others. */
  constructor(say: Say, account: AccountButton, { close, tools }: { close: (() => void) | null; tools: readonly HTMLElement[] }) {
    this.#say = say
    this.#account = account
    const label = { class: 'tool', 'aria-label': say('header.account'), 'data-testid': 'account-button', hidden: true }
    this.#accountButton = button(label, () => account.open(), icon(ICONS.person))
    const closing = close && button({ class: 'tool', 'aria-label': say('app.close') }, close, icon(ICONS.down))
    this.element = h('div', {}, h('header', { class: 'header' }, this.#who, ...tools, this.#accountButton, closing), this.#offline)
  }

  update({ session, timeline, offline }: ChatState): void {
    const { conversation } = timeline
    const look = JSON.stringify([
      session,
      conversation?.status,
      conversation?.agent,
      conversation?.queue === null,
      conversation?.offHours === null,
      offline,
    ])
    if (look === this.#look) return
    this.#look = look
    this.#showWho(conversation, session?.title ?? this.#say('app.fallback_title'))
    this.#accountButton.hidden = session === null || !this.#account.offered(session)
    this.#offline.hidden = !offline
    this.#offline.textContent = offline ? this.#say('app.offline') : ''
  }

  #showWho(conversation: WebConversation | null, title: string): void {
    const agent = conversation?.status === 'open' ? conversation.agent : null
    const face = faceElement(agent ?? { name: title, avatarUrl: null })
    const sub = agent ? title : this.#say(statusKey(conversation))
    this.#who.replaceChildren(face, h('div', { class: 'who-text' }, h('h1', {}, agent?.name ?? title), h('p', {}, sub)))
  }
}
