/** Who is on the other side, and how long until there is somebody. */
import { button, h, icon } from '../../h.ts'
import type { ChatState } from '../state.ts'
import type { Session, WebConversation } from '../wire.ts'
import type { Say } from '../words/words.ts'
import { faceElement } from './bubble.ts'
import { ICONS } from './icons.ts'

/** Without an agent's name to show. */
const STATUS_WORDS = { queued: 'header.queued', open: 'header.idle', closed: 'header.closed' } as const

export interface AccountButton {
  open(): void
  /** Not to whom his site vouches for: he has an account there. */
  offered(session: Session): boolean
}

export class Header {
  readonly element: HTMLElement
  readonly #say: Say
  readonly #who = h('div', { class: 'who', 'data-testid': 'chat-agent' })
  readonly #queue = h('div', { class: 'banner queue', 'data-testid': 'chat-queue', role: 'status', hidden: true })
  readonly #offline = h('div', { class: 'banner offline', role: 'status', hidden: true })
  readonly #account: AccountButton
  readonly #accountButton: HTMLElement
  #look = ''

  /** `close` is null where the page stands alone. */
  constructor(say: Say, account: AccountButton, close: (() => void) | null) {
    this.#say = say
    this.#account = account
    const label = { class: 'tool', 'aria-label': say('header.account'), 'data-testid': 'account-button', hidden: true }
    this.#accountButton = button(label, () => account.open(), icon(ICONS.person))
    const closing = close && button({ class: 'tool', 'aria-label': say('app.close') }, close, icon(ICONS.down))
    this.element = h('div', {}, h('header', { class: 'header' }, this.#who, this.#accountButton, closing), this.#offline, this.#queue)
  }

  update({ session, timeline, offline }: ChatState): void {
    const { conversation } = timeline
    const look = JSON.stringify([session, conversation?.status, conversation?.agent, conversation?.queueAhead, offline])
    if (look === this.#look) return
    this.#look = look
    this.#showWho(conversation, session?.title ?? this.#say('app.fallback_title'))
    this.#showQueue(conversation?.status === 'queued' ? conversation.queueAhead : null)
    this.#accountButton.hidden = session === null || !this.#account.offered(session)
    this.#offline.hidden = !offline
    this.#offline.textContent = offline ? this.#say('app.offline') : ''
  }

  #showWho(conversation: WebConversation | null, title: string): void {
    const agent = conversation?.status === 'open' ? conversation.agent : null
    const face = faceElement(agent ?? { name: title, avatarUrl: null })
    const sub = agent ? title : this.#say(STATUS_WORDS[conversation?.status ?? 'open'])
    this.#who.replaceChildren(face, h('div', { class: 'who-text' }, h('h1', {}, agent?.name ?? title), h('p', {}, sub)))
  }

  #showQueue(ahead: number | null): void {
    this.#queue.hidden = ahead === null
    if (ahead === null) return this.#queue.replaceChildren()
    const line = ahead === 0 ? this.#say('queue.next') : this.#say('queue.ahead', { count: ahead })
    this.#queue.replaceChildren(h('strong', {}, line), h('span', {}, this.#say('queue.hint')))
  }
}
