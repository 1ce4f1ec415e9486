/** The button in the corner and the frame above it, in a shadow tree: the host page's styles do not reach in, ours do not leak out. */
import { applyAccent } from '../chat/accent.ts'
import { button, h, icon } from '../h.ts'
import { STYLE } from './launcher-style.ts'

const WORDS = {
  zh: {
    open: '联系客服',
    close: '收起客服窗口',
    frame: '在线客服',
    unread: (count: number) => `联系客服，${count} 条未读`,
    absent: '聊天窗口无法在此页面显示。',
    elsewhere: '在新标签页中打开',
  },
  en: {
    open: 'Contact us',
    close: 'Close chat',
    frame: 'Customer service chat',
    unread: (count: number) => `Contact us, ${count} unread`,
    absent: 'The chat cannot be shown on this page.',
    elsewhere: 'Open it in a new tab',
  },
}
const BUBBLE =
  'M12 3.5c-5 0-9 3.4-9 7.7 0 2.4 1.3 4.6 3.3 6-.1 1-.6 2.1-1.4 3 1.7-.2 3.2-.8 4.3-1.7 .9.2 1.8.3 2.8.3 5 0 9-3.4 9-7.6s-4-7.7-9-7.7Z'
const DOWN = 'M6 9.5l6 6 6-6'

export class Launcher {
  frame: HTMLIFrameElement | null = null
  readonly #words: (typeof WORDS)['zh']
  readonly #host = h('div', { id: 'lianke-widget' })
  readonly #button: HTMLButtonElement
  readonly #badge = h('span', { class: 'badge', 'data-testid': 'widget-unread', hidden: true })
  readonly #panel: HTMLElement
  readonly #absent: HTMLElement
  #unread = 0

  /** @param page the chat in a tab of its own, for when it cannot be framed here */
  constructor({ english, accent, page, toggle }: { english: boolean; accent: string | null; page: string; toggle(): void }) {
    this.#words = WORDS[english ? 'en' : 'zh']
    this.#button = button(
      { class: 'launcher', 'data-testid': 'widget-launcher', 'aria-expanded': 'false' },
      toggle,
      icon(BUBBLE),
      icon(DOWN),
      this.#badge,
    )
    this.#panel = h('div', { class: 'panel', role: 'dialog', 'aria-label': this.#words.frame, hidden: true })
    this.#absent = h(
      'div',
      { class: 'absent', role: 'alert', 'data-testid': 'widget-absent', hidden: true },
      h('p', {}, this.#words.absent),
      h('a', { href: page, target: '_blank', rel: 'noopener' }, this.#words.elsewhere),
      button({}, toggle, this.#words.close),
    )
    this.#panel.append(this.#absent)
    const root = this.#host.attachShadow({ mode: 'open' })
    addStyle(root)
    root.append(this.#panel, this.#button)
    applyAccent(accent, this.#host)
    this.#label(false)
    const place = () => document.body.append(this.#host)
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', place)
    else place()
    visualViewport?.addEventListener('resize', () => this.#fit())
    visualViewport?.addEventListener('scroll', () => this.#fit())
  }

  /** Makes the frame, once. */
  load(address: string): void {
    if (this.frame) return
    const frame = h('iframe', {
      src: address,
      title: this.#words.frame,
      allow: 'clipboard-write; fullscreen; autoplay',
      referrerpolicy: 'origin',
    })
    this.frame = frame
    this.#panel.append(frame)
  }

  /** The frame does not answer: the way to the chat page instead, until it does. */
  present(answering: boolean): void {
    this.#absent.hidden = answering
    if (this.frame) this.frame.hidden = !answering
  }

  show(open: boolean): void {
    this.#panel.hidden = !open
    this.#host.toggleAttribute('data-open', open)
    this.#button.setAttribute('aria-expanded', String(open))
    this.#label(open)
    this.#fit()
    if (open) this.frame?.focus()
    else this.#button.focus({ preventScroll: true })
  }

  badge(unread: number): void {
    this.#unread = unread
    this.#badge.hidden = unread === 0
    this.#badge.textContent = unread > 99 ? '99+' : String(unread)
    this.#label(!this.#panel.hidden)
  }

  #label(open: boolean): void {
    const label = open ? this.#words.close : this.#unread > 0 ? this.#words.unread(this.#unread) : this.#words.open
    this.#button.setAttribute('aria-label', label)
  }

  /** On phones the panel fills what the keyboard leaves: Safari would lay the keyboard over it. */
  #fit(): void {
    const style = this.#panel.style
    if (visualViewport && matchMedia('(max-width: 480px)').matches && visualViewport.scale < 1.05) {
      style.setProperty('--height', `${visualViewport.height}px`)
      style.setProperty('--top', `${visualViewport.offsetTop}px`)
    } else {
      style.removeProperty('--height')
      style.removeProperty('--top')
    }
  }
}

/** A constructed sheet passes every host's `style-src`; a style element is for browsers that cannot construct one. */
function addStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    root.adoptedStyleSheets = [sheet]
  } catch {
    root.append(h('style', {}, STYLE))
  }
}
