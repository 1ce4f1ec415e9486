/** The page: header, log, composer; or, when there is nothing to chat with, why. */
import { button, h } from '../../h.ts'
import type { ChatState, Problem } from '../state.ts'
import type { Say } from '../words/words.ts'
import { Composer, type ComposerParts } from './composer.ts'
import type { ViewContext } from './context.ts'
import { EndPanel } from '../../start/end-panel.ts'
import { StartPanel, type StartPanelParts } from '../../start/panel.ts'
import { Header, type AccountButton } from './header.ts'
import { LogView } from './log.ts'
import { ticketsButton } from './tickets-button.ts'

export interface ShellParts {
  view: ViewContext
  account: AccountButton
  close: (() => void) | null
  earlier(): void
  seen(): void
  restart(): void
  start: Omit<StartPanelParts, 'complain'>
  composer: Omit<ComposerParts, 'complain'>
}

export class Shell {
  readonly element: HTMLElement
  readonly log: LogView
  readonly composer: Composer
  /** Filled in after the page stands; empty inside other sites, which have their own. */
  readonly imprint = h('div', { class: 'below' })
  readonly #say: Say
  readonly #header: Header
  readonly #start: StartPanel
  readonly #end: EndPanel
  readonly #tickets: HTMLElement
  readonly #problem = h('div', { class: 'problem', role: 'alert', hidden: true })
  readonly #announcer = h('div', { class: 'visually-hidden', 'aria-live': 'polite' })
  readonly #toast = h('div', { class: 'toast', role: 'alert', hidden: true })
  readonly #restart: () => void
  #toastTimer: ReturnType<typeof setTimeout> | undefined
  #announceTimer: ReturnType<typeof setTimeout> | undefined
  #shown: Problem | null = null

  constructor({ view, account, close, earlier, seen, restart, start, composer }: ShellParts) {
    this.#say = view.say
    this.#restart = restart
    const startParts = { ...start, complain: (text: string) => this.complain(text) }
    this.#start = new StartPanel(startParts)
    this.#end = new EndPanel(startParts)
    this.#tickets = ticketsButton(view.say, start)
    this.#header = new Header(view.say, account, { close, tools: [this.#tickets, this.#end.button] })
    this.log = new LogView(view, { earlier, seen })
    this.composer = new Composer(view.say, { ...composer, complain: (text) => this.complain(text) })
    const drop = h('div', { class: 'drop', 'aria-hidden': 'true' }, h('span', {}, view.say('composer.drop')))
    this.element = h(
      'main',
      { class: 'chat' },
      this.#header.element,
      this.#problem,
      this.log.element,
      this.#start.element,
      this.#end.element,
      this.composer.element,
      this.imprint,
      this.#toast,
      drop,
      this.#announcer,
    )
    this.#listenForFiles()
    this.element.addEventListener(
      'keydown',
      (event) => event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]') && close?.(),
    )
  }

  update(state: ChatState): void {
    this.#header.update(state)
    this.#tickets.hidden = state.session === null
    this.log.update(state)
    const conversation = state.problem === null ? state.timeline.conversation : null
    this.#start.update(conversation)
    this.#end.update(conversation)
    const again = state.timeline.conversation?.status === 'closed'
    this.composer.placeholder = this.#say(again ? 'composer.placeholder_again' : 'composer.placeholder')
    if (state.problem !== this.#shown) this.#showProblem(state.problem)
  }

  /** Read out by screen readers, shown to nobody; gone after a moment, so that nobody who walks through the page meets it twice. */
  announce(text: string): void {
    this.#announcer.textContent = text
    clearTimeout(this.#announceTimer)
    this.#announceTimer = setTimeout(() => (this.#announcer.textContent = ''), 1000)
  }

  complain(text: string): void {
    this.#toast.textContent = text
    this.#toast.hidden = false
    clearTimeout(this.#toastTimer)
    this.#toastTimer = setTimeout(() => (this.#toast.hidden = true), 5000)
  }

  #showProblem(problem: Problem | null): void {
    this.#shown = problem
    this.#problem.hidden = problem === null
    this.log.element.hidden = problem !== null
    this.composer.element.hidden = problem !== null
    if (problem === null) return this.#problem.replaceChildren()
    const again = problem === 'not_found' ? null : button({ class: 'primary' }, this.#restart, this.#say('app.retry'))
    this.#problem.replaceChildren(
      h('h2', {}, this.#say(`app.${problem}`)),
      h('p', {}, this.#say(`app.${problem}_hint`)),
      ...(again ? [again] : []),
    )
  }

  #listenForFiles(): void {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    this.element.addEventListener('dragover', (event) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      this.element.classList.add('dropping')
    })
    this.element.addEventListener('dragleave', (event) => {
      const inside = event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget)
      if (!inside) this.element.classList.remove('dropping')
    })
    this.element.addEventListener('drop', (event) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      this.element.classList.remove('dropping')
      this.composer.stage([...(event.dataTransfer?.files ?? [])])
    })
  }
}
