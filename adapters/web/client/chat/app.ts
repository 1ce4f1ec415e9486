/** Ties the parts together: what the server, the host page and the customer say changes the state; the state is drawn. */
import type { FromHost } from '../protocol.ts'
import { applyAccent } from './accent.ts'
import { accountButton, type NextPerson } from './account.ts'
import { ratingCards } from '../rating/cards.ts'
import { ApiFailure, createApi, type Api } from './api.ts'
import { backoffMs } from './backoff.ts'
import type { Host } from './host.ts'
import { draftIn, type Keep } from './keep.ts'
import { followLifecycle } from './lifecycle.ts'
import { OfflineWatch } from './offline-watch.ts'
import { Previews } from './previews.ts'
import { ReadMarks } from './read-marks.ts'
import { Realtime } from './realtime.ts'
import { restoreOutbox, Sender } from './sender.ts'
import { keepLogin, placeIn, SessionKeeper } from './session.ts'
import { INITIAL_STATE, problemOf, type ChatState } from './state.ts'
import { Sync } from './sync.ts'
import {
  applyAgain,
  applyBeacon,
  applyConversation,
  applyMessage,
  applyQueue,
  newestFromStaff,
  type Change,
  type Timeline,
} from './timeline.ts'
import { TypingIn, TypingOut } from './typing.ts'
import { showUnread } from './unread.ts'
import { openLightbox } from './view/lightbox.ts'
import { Shell } from './view/shell.ts'
import type { Session } from './wire.ts'
import { spokenText } from './words/preview.ts'
import { speaker, type Locale, type Say } from './words/words.ts'

interface AppParts {
  accountId: string
  locale: Locale
  keep: Keep
  /** The colour that the embedding page chose goes before the account's. */
  accent: string | null
  /** Null where the page stands alone. */
  host: Host | null
}

/** The push usually brings the echo at once; after this long it is fetched. */
const ECHO_MS = 1500

export class App {
  readonly shell: Shell
  readonly #parts: AppParts
  readonly #say: Say
  readonly #api: Api
  readonly #session: SessionKeeper
  readonly #sync: Sync
  readonly #sender: Sender
  readonly #realtime: Realtime
  readonly #reads: ReadMarks
  readonly #previews = new Previews()
  readonly #offline = new OfflineWatch((offline) => this.#set(offline ? { offline, typing: false } : { offline }))
  readonly #typingIn = new TypingIn((typing) => this.#set({ typing }))
  #state: ChatState
  #begun: Promise<void> = Promise.resolve()
  #started = false
  #failures = 0
  #drawing = false
  #hostOpen: boolean
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(parts: AppParts) {
    this.#parts = parts
    this.#say = speaker(parts.locale)
    this.#hostOpen = parts.host === null
    this.#session = new SessionKeeper(parts.keep, placeIn(location.search))
    this.#state = { ...INITIAL_STATE, outbox: restoreOutbox(parts.keep), seen: this.#hostOpen && !document.hidden }
    const api = createApi(parts.accountId, () => this.#session.token)
    const signedOut = () => this.#beginLater()
    this.#api = api
    this.#sync = new Sync({ api, read: () => this.#state.timeline, write: (timeline) => this.#setTimeline(timeline), signedOut })
    this.#sender = new Sender({
      api,
      keep: parts.keep,
      read: () => this.#state.outbox,
      write: (outbox) => this.#set({ outbox }),
      posted: () => this.#expectEcho(),
      signedOut,
    })
    this.#reads = new ReadMarks({ api, read: () => this.#state.timeline, write: (timeline) => this.#setTimeline(timeline) })
    this.#realtime = this.#makeRealtime(api, signedOut)
    this.shell = this.#makeShell()
  }

  async start(): Promise<void> {
    followLifecycle({ seen: () => this.#updateSeen(), wake: (awayMs) => this.#wake(awayMs) })
    this.#offline.set(false)
    this.#draw()
    const { host } = this.#parts
    host?.listen((message) => this.#hear(message))
    await host?.hello()
    this.#started = true
    this.#begin()
  }

  #makeRealtime(api: Api, signedOut: () => void): Realtime {
    const change = (applied: Change) => {
      this.#setTimeline(applied.timeline)
      this.#sync.want(applied.wants)
    }
    return new Realtime({
      api,
      signedOut,
      resume: () => this.#sync.want([{ kind: 'newest' }]),
      online: (online) => {
        this.#offline.set(online)
        if (online) this.#sender.kick()
      },
      handlers: {
        'message.created': (event) => {
          if (event.patch.message.direction === 'outbound') this.#typingIn.set(false)
          change(applyMessage(this.#state.timeline, event.id, event.patch.message))
        },
        'message.updated': (event) => change(applyMessage(this.#state.timeline, event.id, event.patch.message)),
        'conversation.updated': (event) => change(applyConversation(this.#state.timeline, event.patch.conversation)),
        'queue.updated': (event) => this.#setTimeline(applyQueue(this.#state.timeline, event.id, event.patch.queue)),
        'conversation.typing': (event) => this.#typingIn.set(event.patch.typing),
        beacon: (beacon) => this.#sync.want(applyBeacon(this.#state.timeline, beacon)),
      },
    })
  }

  #makeShell(): Shell {
    const { keep, host, locale } = this.#parts
    const typingOut = new TypingOut((typing) => {
      const conversation = this.#state.timeline.conversation
      if (conversation && conversation.status !== 'closed') this.#realtime.typing(conversation.id, typing)
    })
    const hasWritten = () => this.#state.timeline.conversation !== null
    return new Shell({
      view: {
        say: this.#say,
        locale,
        choose: (text) => this.#sender.sendText(text),
        ratingCard: ratingCards(() => this.#session.token, locale),
        openImage: (url, name) => openLightbox({ url, name }, this.#say),
        retry: (clientKey) => this.#sender.retry(clientKey),
        cancel: (clientKey) => this.#sender.cancel(clientKey),
        refreshFiles: (conversationId, seq) => void this.#refreshFiles(conversationId, seq),
        previewOf: (clientKey) => this.#previews.of(clientKey, this.#sender.fileOf(clientKey)),
      },
      account: accountButton(this.#parts, this.#session, { hasWritten, leave: (next) => this.#leave(next) }),
      close: host ? () => host.tell({ type: 'close' }) : null,
      earlier: () => void this.#loadEarlier(),
      seen: () => this.#markRead(),
      restart: () => this.#begin(),
      start: { token: () => this.#session.token, locale, changed: () => this.#sync.want([{ kind: 'newest' }]) },
      composer: {
        sendText: (text) => this.#sender.sendText(text),
        sendFile: (file) => this.#sender.sendFile(file),
        typing: (on) => typingOut.set(on),
        draft: draftIn(keep),
      },
    })
  }

  /** One after the other: an answer for who the visitor was a moment ago must not come last. */
  #begin(): void {
    clearTimeout(this.#again)
    this.#begun = this.#begun.then(async () => {
      try {
        const session = await this.#session.start(this.#api, this.#parts.locale)
        if (this.#session.endedElsewhere) return this.#leave()
        this.#began(session)
      } catch (error) {
        this.#refused(error instanceof ApiFailure ? error : new ApiFailure('internal'))
      }
    })
  }

  #beginLater(retryAfterMs: number | null = null): void {
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.#begin(), retryAfterMs ?? backoffMs(this.#failures++, { firstMs: 500, maxMs: 30_000 }))
  }

  #began(session: Session): void {
    if (!this.#parts.accent) applyAccent(session.accent)
    this.#set({ session, problem: null })
    this.#sync.want([{ kind: 'newest' }])
    this.#realtime.start()
    this.#sender.kick()
  }

  #refused(failure: ApiFailure): void {
    const problem = problemOf(failure)
    // A page that has something to show goes on showing it, and says that it is offline.
    if (problem !== 'failed' || this.#state.session === null) this.#set({ problem })
    if (problem === 'failed') this.#beginLater(failure.retryAfterMs)
  }

  #hear(message: FromHost): void {
    if (message.type === 'visible' || message.type === 'hello') {
      this.#hostOpen = message.open
      this.#updateSeen()
      // On a phone the keyboard would cover half of what was just opened.
      if (message.open && matchMedia('(pointer: fine)').matches) this.shell.composer.focus()
    }
    if (message.type === 'hello') this.#session.pageUrl = /^https?:/.test(message.pageUrl) ? message.pageUrl.slice(0, 500) : ''
    if (message.type === 'reset') return this.#leave()
    const claim = message.type === 'visible' ? null : message.claim
    if (!claim) return
    if (this.#session.claim(claim)) return this.#leave()
    // A host that greets late is heard as well.
    if (this.#started) this.#begin()
  }

  /** Another visitor, or none: nothing of the last one may stay, nor any answer to him that is still on its way. A new page is the surest. */
  #leave(next?: NextPerson): void {
    this.#realtime.stop()
    if (!next?.keepsWords) {
      this.#sender.clear()
      this.#parts.keep.remove('draft')
    }
    this.#session.forget()
    if (next) keepLogin(this.#parts.keep, next.token)
    location.replace(location.pathname + location.search)
  }

  #set(patch: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...patch }
    if (this.#drawing) return
    this.#drawing = true
    requestAnimationFrame(() => {
      this.#drawing = false
      this.#draw()
    })
  }

  #draw(): void {
    this.shell.update(this.#state)
    this.#markRead()
  }

  #setTimeline(timeline: Timeline): void {
    const before = this.#state.timeline
    const spoken = newestFromStaff(timeline)
    if (this.#state.loaded && spoken && spoken.id !== newestFromStaff(before)?.id) this.shell.announce(spokenText(spoken, this.#say))
    this.#failures = 0
    this.#set({ timeline, loaded: true })
    for (const thread of timeline.threads) if (!before.threads.includes(thread)) this.#sender.settle(thread.messages)
    this.#showUnread()
  }

  /** Not in the drawing: hidden frames do not draw. */
  #showUnread(): void {
    showUnread(this.#state, this.#say, this.#parts.host)
  }

  #markRead(): void {
    if (this.#state.seen && this.#state.problem === null && this.shell.log.atEnd) this.#reads.upToEnd()
  }

  #updateSeen(): void {
    this.#set({ seen: this.#hostOpen && !document.hidden })
    this.#showUnread()
  }

  #wake(awayMs: number): void {
    if (this.#state.session === null) return this.#begin()
    this.#realtime.wake(awayMs)
    this.#sender.kick()
  }

  #expectEcho(): void {
    setTimeout(() => {
      if (this.#state.outbox.some((entry) => entry.state === 'sent')) this.#sync.want([{ kind: 'newest' }])
    }, ECHO_MS)
  }

  async #loadEarlier(): Promise<void> {
    if (this.#state.earlier === 'loading') return
    this.#set({ earlier: 'loading' })
    try {
      await this.#sync.earlier()
      this.#set({ earlier: 'idle' })
    } catch {
      this.#set({ earlier: 'failed' })
    }
  }

  async #refreshFiles(conversationId: string, seq: number): Promise<void> {
    try {
      const page = await this.#api.history({ conversationId, beforeSeq: seq + 1 })
      this.shell.log.redrawBroken()
      this.#setTimeline(applyAgain(this.#state.timeline, conversationId, page))
    } catch {
      this.shell.complain(this.#say('app.failed'))
    }
  }
}
