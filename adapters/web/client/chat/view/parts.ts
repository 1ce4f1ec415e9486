/** One part of a message as an element. */
import { button, h, icon } from '../../h.ts'
import type { Media, MessagePart } from '../wire.ts'
import { noticeText } from '../words/notice.ts'
import { sizeText } from '../words/time.ts'
import type { ViewContext } from './context.ts'
import { ICONS } from './icons.ts'
import { imageElement } from './image.ts'
import { link, richText, safeFileUrl, safeHref } from './text.ts'

export interface PartOptions {
  /** A picture that is on this device already. */
  preview: string | null
  /** The link to the file no longer works: fetch the message anew. */
  refresh(): void
}

export function partElement(part: MessagePart, view: ViewContext, { preview, refresh }: PartOptions): HTMLElement {
  switch (part.type) {
    case 'text':
      return h('div', { class: 'bubble text' }, richText(part.text))
    case 'image':
      return mediaOr(part.media, view, preview, (url) => imageElement({ media: part.media, url, refresh }, view))
    case 'audio':
      return mediaOr(part.media, view, null, (url) => audioElement(url, part.transcript, view))
    case 'video':
      return mediaOr(part.media, view, null, (url) => videoElement(part.media, url, part.title))
    case 'file':
      return mediaOr(part.media, view, null, (url) =>
        fileCard({ name: part.media.name ?? view.say('part.file'), sizeBytes: part.media.sizeBytes, url }, view),
      )
    case 'location':
      return locationCard(part, view)
    case 'link':
      return linkCard({ ...part, label: view.say('part.link') })
    case 'menu':
      return menuElement(part, view)
    case 'card':
      return cardElement(part, view)
    case 'template':
      return h('div', { class: 'bubble text' }, richText(part.preview ?? Object.values(part.data).join('\n')))
    case 'notice':
      return h('div', { class: 'bubble text' }, noticeText(part, view.say) ?? view.say('part.unsupported'))
    case 'unsupported':
      return h('div', { class: 'bubble text muted' }, view.say('part.unsupported'))
  }
}

function mediaOr(media: Media, view: ViewContext, preview: string | null, ready: (url: string) => HTMLElement): HTMLElement {
  const url = preview ?? safeFileUrl(media.url)
  if (media.status === 'failed') return h('div', { class: 'bubble text muted' }, view.say('part.failed'))
  return media.status === 'ready' && url ? ready(url) : h('div', { class: 'bubble text muted' }, view.say('part.pending'))
}

function audioElement(url: string, transcript: string | undefined, view: ViewContext): HTMLElement {
  const player = h('audio', { src: url, controls: true, preload: 'metadata', 'aria-label': view.say('part.audio') })
  return h('div', { class: 'bubble audio' }, player, transcript ? h('p', { class: 'transcript' }, transcript) : null)
}

function videoElement(media: Media, url: string, title: string | undefined): HTMLElement {
  const player = h('video', {
    src: url,
    controls: true,
    preload: 'metadata',
    playsinline: true,
    poster: safeFileUrl(media.thumbnailUrl),
    'aria-label': title ?? media.name,
  })
  return h('div', { class: 'bubble video' }, player)
}

export function fileCard(file: { name: string; sizeBytes: number | undefined; url: string | null }, view: ViewContext): HTMLElement {
  const size = file.sizeBytes === undefined ? null : h('span', { class: 'sub' }, sizeText(file.sizeBytes))
  const inner = [
    h('span', { class: 'card-icon' }, icon(ICONS.file)),
    h('span', { class: 'card-text' }, h('span', { class: 'card-title' }, file.name), size),
  ]
  if (!file.url) return h('div', { class: 'bubble card' }, ...inner)
  const card = link(file.url, ...inner, icon(ICONS.save))
  card.className = 'bubble card'
  card.download = file.name
  card.setAttribute('aria-label', view.say('part.download', { name: file.name }))
  return card
}

/** Positions come from WeChat's map, whose coordinates (GCJ-02) are also AMap's: https://lbs.amap.com/api/uri-api/guide/mobile-web/point */
function locationCard(part: Extract<MessagePart, { type: 'location' }>, view: ViewContext): HTMLElement {
  const name = part.label ?? view.say('part.location')
  const url = `https://uri.amap.com/marker?${new URLSearchParams({ position: `${part.longitude},${part.latitude}`, name })}`
  return linkCard({ url, title: name, description: view.say('part.open_map'), label: view.say('part.location'), mark: ICONS.pin })
}

interface LinkCard {
  url?: string | undefined
  title: string
  description?: string | undefined
  imageUrl?: string | undefined
  label: string
  mark?: string
}
function linkCard({ url, title, description, imageUrl, label, mark = ICONS.link }: LinkCard): HTMLElement {
  const href = safeHref(url)
  const face = cardFace(safeHref(imageUrl), mark)
  const text = h(
    'span',
    { class: 'card-text' },
    h('span', { class: 'card-title' }, title || label),
    description ? h('span', { class: 'sub' }, description) : null,
  )
  if (!href) return h('div', { class: 'bubble card' }, face, text)
  const card = link(href, face, text)
  card.className = 'bubble card'
  return card
}

function cardFace(picture: string | null, mark: string): HTMLElement {
  const drawing = h('span', { class: 'card-icon' }, icon(mark))
  if (!picture) return drawing
  // A stranger's server shall not learn which conversation shows its picture; where the page's policy keeps it out, the drawing stands in.
  const image = h('img', { class: 'card-image', src: picture, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer' })
  image.addEventListener('error', () => image.replaceWith(drawing))
  return image
}

function cardElement(part: Extract<MessagePart, { type: 'card' }>, view: ViewContext): HTMLElement {
  const kind =
    part.card === 'miniprogram' ? view.say('part.miniprogram') : part.card === 'coupon' ? view.say('part.coupon') : part.description
  return linkCard({ url: part.url, title: part.title ?? '', description: kind, label: view.say('part.link') })
}

type MenuPart = Extract<MessagePart, { type: 'menu' }>

/** The invitation that a menu asks about; null for any other menu. */
const ratingIn = ({ options }: MenuPart): string | null => /^rating:([0-9a-f-]{36}):\d$/.exec(options[0]?.id ?? '')?.[1] ?? null

function menuElement(part: MenuPart, view: ViewContext): HTMLElement {
  const rating = ratingIn(part)
  if (rating !== null) return h('div', { class: 'bubble ask-rating' }, view.ratingCard(rating))
  const options = part.options.map((option) =>
    h(
      'li',
      {},
      button({ class: 'option' }, () => view.choose(option.text), option.text),
    ),
  )
  return h(
    'div',
    { class: 'bubble menu' },
    part.head ? h('p', {}, richText(part.head)) : null,
    h('ul', { 'aria-label': part.head ?? view.say('part.menu') }, ...options),
    part.tail ? h('p', { class: 'sub' }, richText(part.tail)) : null,
  )
}
