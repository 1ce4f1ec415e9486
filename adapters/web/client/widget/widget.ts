/**
 * The script that a host page embeds:
 * `<script src="https://…/widget.js" data-account="…" data-locale="zh-CN" data-accent="#1f6feb" async></script>`;
 * `data-team`, `data-business` or `data-entry` say where a conversation from this page belongs.
 * It draws the button alone; the chat itself is a frame from our own origin, made when it is first opened. `window.Lianke` is its only name.
 */
import { parseClaim, parseFromChat, sealed, type FromChat, type FromHost } from '../protocol.ts'
import { parseJson } from '../record.ts'
import type { IdentityClaim } from '../chat/wire.ts'
import { Launcher } from './launcher.ts'

/** A frame that is silent for so long after the opening is taken for refused (`frame-ancestors`) or unreachable. */
const PATIENCE_MS = 5000

type WidgetEvent = 'unread' | 'open' | 'close'
export interface LiankeApi {
  open(): void
  close(): void
  /** Says who the visitor is; the claim is signed by the host's server. */
  identify(claim: unknown): void
  /** The visitor signed out: his conversation is forgotten here. */
  reset(): void
  /** `unread` hands over the count. @returns a function that ends the listening */
  on(event: WidgetEvent, listener: (count: number) => void): () => void
}
declare global {
  interface Window {
    Lianke?: LiankeApi
  }
}

class Widget implements LiankeApi {
  readonly #account: string
  readonly #base: string
  readonly #query: Record<string, string>
  readonly #launcher: Launcher
  readonly #listeners: Record<WidgetEvent, Set<(count: number) => void>> = { unread: new Set(), open: new Set(), close: new Set() }
  #claim: IdentityClaim | null
  #unread = 0
  #opened = false
  /** The frame has said `ready`: before that it may be an error page of another origin, to which nothing can be said. */
  #ready = false
  #patience: ReturnType<typeof setTimeout> | undefined
  #resetDue = false

  constructor(script: HTMLScriptElement) {
    const { account = '', locale, accent, identity, team, business, entry } = script.dataset
    const lang = locale ?? navigator.language
    this.#account = account
    this.#base = new URL(script.src).origin
    this.#claim = parseClaim(parseJson(identity ?? null))
    this.#query = { embed: '1', origin: location.origin, lang, ...(accent ? { accent } : {}), ...placeOf({ team, business, entry }) }
    this.#launcher = new Launcher({
      english: /^en\b/i.test(lang),
      accent: accent ?? null,
      page: this.#page({ lang, ...(accent ? { accent } : {}) }),
      toggle: () => (this.#opened ? this.close() : this.open()),
    })
    addEventListener('message', (event) => {
      if (event.origin !== this.#base || event.source === null || event.source !== this.#launcher.frame?.contentWindow) return
      const message = parseFromChat(event.data)
      if (message) this.#hear(message)
    })
    // He has written to us before: the badge must count without being opened, but not before the host page is done.
    if (this.#remember('get')) setTimeout(() => this.#load(), 2000)
  }

  open(): void {
    if (this.#opened) return
    this.#opened = true
    this.#load()
    this.#launcher.show(true)
    if (!this.#ready) this.#patience = setTimeout(() => this.#launcher.present(false), PATIENCE_MS)
    this.#tell({ type: 'visible', open: true })
    this.#fire('open')
  }

  close(): void {
    if (!this.#opened) return
    this.#opened = false
    clearTimeout(this.#patience)
    this.#launcher.show(false)
    this.#tell({ type: 'visible', open: false })
    this.#fire('close')
  }

  identify(claim: unknown): void {
    const parsed = parseClaim(claim)
    if (!parsed) throw new TypeError('Lianke.identify: { id, expiresAt, signature } expected')
    // Host pages say it on every page and often twice.
    if (JSON.stringify(parsed) === JSON.stringify(this.#claim)) return
    this.#claim = parsed
    this.#tell({ type: 'identify', claim: parsed })
  }

  reset(): void {
    this.#claim = null
    this.#remember('remove')
    this.#count(0)
    if (this.#ready) return this.#tell({ type: 'reset' })
    // What the frame would remember when it is next opened must go as well.
    this.#resetDue = true
    this.#load()
  }

  on(event: WidgetEvent, listener: (count: number) => void): () => void {
    this.#listeners[event].add(listener)
    return () => void this.#listeners[event].delete(listener)
  }

  #load(): void {
    this.#launcher.load(this.#page(this.#query))
  }

  #page(query: Record<string, string>): string {
    return `${this.#base}/chat/${encodeURIComponent(this.#account)}?${new URLSearchParams(query)}`
  }

  #tell(message: FromHost): void {
    if (this.#ready) this.#launcher.frame?.contentWindow?.postMessage(sealed(message), this.#base)
  }

  #hear(message: FromChat): void {
    if (message.type === 'ready') this.#greet()
    if (message.type === 'close') this.close()
    if (message.type === 'active') this.#remember('set')
    if (message.type === 'unread') this.#count(message.count)
  }

  #greet(): void {
    this.#ready = true
    clearTimeout(this.#patience)
    this.#launcher.present(true)
    const pageUrl = location.href.split('#')[0] ?? ''
    this.#tell(this.#resetDue ? { type: 'reset' } : { type: 'hello', claim: this.#claim, pageUrl, open: this.#opened })
    this.#resetDue = false
  }

  #count(count: number): void {
    if (count === this.#unread) return
    this.#unread = count
    this.#launcher.badge(count)
    this.#fire('unread')
  }

  #fire(event: WidgetEvent): void {
    for (const listener of this.#listeners[event]) listener(this.#unread)
  }

  #remember(what: 'get' | 'set' | 'remove'): boolean {
    const key = `lianke:${this.#account}:active`
    try {
      if (what === 'set') localStorage.setItem(key, '1')
      if (what === 'remove') localStorage.removeItem(key)
      return localStorage.getItem(key) !== null
    } catch {
      return false
    }
  }
}

/** What the site says about this place: the team, the business or the name of the entry that a conversation from here belongs to. */
const placeOf = (place: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(place).flatMap(([name, value]) => (value ? [[name, value]] : [])))

function start(): void {
  const script = document.currentScript ?? document.querySelector('script[data-account][src*="/widget.js"]')
  if (!(script instanceof HTMLScriptElement) || !script.dataset.account) throw new Error('Lianke: the script needs data-account')
  // A host page that loads the script twice gets one button.
  if (window.Lianke) return
  const widget = new Widget(script)
  window.Lianke = widget
  dispatchEvent(new Event('lianke:ready'))
}

start()
