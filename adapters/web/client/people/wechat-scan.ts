/** The code to scan with WeChat, drawn here, looked after until who scanned it has confirmed on his phone. */
import { ApiFailure } from '../chat/api.ts'
import { button, h } from '../h.ts'
import { qrPicture } from '../qr-picture.ts'
import type { PeopleApi } from './api.ts'
import { rememberScan } from './returned-scan.ts'
import type { WebPage, WebScan } from './wire.ts'
import { wordFailure, type PeopleSay } from './words/words.ts'

interface WechatScanParts {
  api: PeopleApi
  say: PeopleSay
  vias: WebPage['scanVias']
  link: string | null
  embedded: boolean
  confirmed(scan: { scanId: string; browserToken: string }): void
}

const POLL_MS = 2000

export class WechatScan {
  readonly element = h('div', { class: 'scan' })
  readonly #parts: WechatScanParts
  #timer: ReturnType<typeof setTimeout> | undefined
  #round = 0

  constructor(parts: WechatScanParts) {
    this.#parts = parts
  }

  /** @param agreed asks for the consent; nothing is scanned before */
  start(agreed: () => boolean): void {
    this.stop()
    const { say, vias, embedded } = this.#parts
    const show = button(
      { class: 'secondary', 'data-testid': 'show-scan' },
      () => agreed() && void this.#begin(agreed),
      say('sign_in.by_wechat'),
    )
    const leave = button({ class: 'link' }, () => agreed() && void this.#leave(), say('wechat.website'))
    const useWebsite = vias.includes('website') && !embedded
    this.element.replaceChildren(
      h('p', { class: 'note' }, say('wechat.lead')),
      ...(vias.includes('official') ? [show] : []),
      ...(useWebsite ? [leave] : []),
    )
  }

  stop(): void {
    this.#round += 1
    clearTimeout(this.#timer)
  }

  async #begin(agreed: () => boolean): Promise<void> {
    const { api, say } = this.#parts
    const round = ++this.#round
    try {
      const begun = await api.beginScan('official')
      if (round !== this.#round || begun.scan.qrText === null) return
      const picture = await qrPicture(begun.scan.qrText, say('wechat.picture'))
      picture.dataset.testid = 'scan-picture'
      this.element.replaceChildren(picture, h('p', { class: 'note', role: 'status' }, say('wechat.lead')))
      this.#watch(begun, { round, agreed })
    } catch (error) {
      this.#broken(wordFailure(say, error instanceof ApiFailure ? error : new ApiFailure('unknown')), agreed)
    }
  }

  #watch(begun: WebScan, look: { round: number; agreed: () => boolean }): void {
    this.#timer = setTimeout(() => void this.#look(begun, look), POLL_MS)
  }

  async #look(begun: WebScan, look: { round: number; agreed: () => boolean }): Promise<void> {
    const { api, say, confirmed } = this.#parts
    // One that was missed is asked for again.
    const { status } = await api.scanState(begun.scan.id, begun.browserToken).catch(() => ({ status: 'waiting' }))
    if (look.round !== this.#round) return
    if (status === 'expired' || Date.parse(begun.scan.expiresAt) < Date.now() - 60_000)
      return this.#broken(say('wechat.expired'), look.agreed)
    if (status === 'refused') return this.#broken(say('wechat.refused'), look.agreed)
    const note = this.element.querySelector('[role=status]')
    if (note) note.textContent = say(status === 'scanned' ? 'wechat.scanned' : 'wechat.lead')
    if (status !== 'confirmed') return this.#watch(begun, look)
    this.element.replaceChildren(h('p', { class: 'note', role: 'status' }, say('wechat.confirmed')))
    confirmed({ scanId: begun.scan.id, browserToken: begun.browserToken })
  }

  #broken(text: string, agreed: () => boolean): void {
    const again = button({ class: 'secondary' }, () => void this.#begin(agreed), this.#parts.say('wechat.again'))
    this.element.replaceChildren(h('p', { class: 'note', role: 'alert' }, text), again)
  }

  /** To WeChat's own page; it sends the browser back here, with `?scan=`. */
  async #leave(): Promise<void> {
    const { api, say, link } = this.#parts
    try {
      const { scan, browserToken } = await api.beginScan('website')
      if (scan.authorizeUrl === null) return
      rememberScan({ scanId: scan.id, browserToken, link })
      location.assign(scan.authorizeUrl)
    } catch (error) {
      this.#broken(wordFailure(say, error instanceof ApiFailure ? error : new ApiFailure('unknown')), () => true)
    }
  }
}
