/** What a message looks like on the phone. */
import type { Content } from '../../types.ts'
import { act, mediaUrl, phoneLink } from './api.ts'
import { h, icon, ICONS } from './dom.ts'
import { withFaces } from './faces.ts'
import { word } from './words.ts'

/** Whose phone it is: links and menu items act for that customer. */
export interface Owner {
  appId: string
  openId: string
}

type Of<Type extends Content['type']> = Extract<Content, { type: Type }>

const MARKUP = /<a\s+([^>]*)>([^<]*)<\/a>|(https?:\/\/[^\s<>"',。,)]+)/g
const attribute = (attributes: string, name: string) => new RegExp(`${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1] ?? ''

const choose = (owner: Owner, id: string, text: string) => void act(owner.appId, owner.openId, { type: 'option', id, text })

const webLink = (owner: Owner, href: string, text: string): Node =>
  /^https?:\/\//.test(href)
    ? h('a', { href: phoneLink(owner.appId, owner.openId, href), target: '_blank', rel: 'noopener', testId: 'message-link' }, text)
    : document.createTextNode(text)

/** `weixin://bizmsgmenu?msgmenucontent=…&msgmenuid=…` is a menu item inside a text. */
const anchor = (owner: Owner, href: string, text: string): Node => {
  if (!href.startsWith('weixin://bizmsgmenu')) return webLink(owner, href, text)
  const query = new URLSearchParams(href.split('?')[1] ?? '')
  const id = query.get('msgmenuid') ?? ''
  return h(
    'button',
    {
      type: 'button',
      class: 'option',
      testId: 'message-option',
      on: { click: () => choose(owner, id, query.get('msgmenucontent') ?? text) },
    },
    text,
  )
}

/** The platform's little markup: links and nothing else; everything around stays text, but for faces. */
const withLinks = (owner: Owner, text: string): Node[] => {
  const nodes: Node[] = []
  let end = 0
  for (const match of text.matchAll(MARKUP)) {
    nodes.push(...withFaces(text.slice(end, match.index)))
    const [whole, attributes, label, bare] = match
    nodes.push(bare ? webLink(owner, bare, bare) : anchor(owner, attribute(attributes ?? '', 'href'), label ?? ''))
    end = match.index + whole.length
  }
  nodes.push(...withFaces(text.slice(end)))
  return nodes
}

const media = (owner: Owner, mediaId: string) => mediaUrl(owner.appId, mediaId)

const voice = (owner: Owner, { mediaId, durationMs }: Of<'voice'>) => {
  const seconds = Math.max(1, Math.round((durationMs ?? 1_000) / 1000))
  const player = h('audio', { src: media(owner, mediaId), preload: 'none' })
  const play = () =>
    void player.play().catch(() => {
      bubble.title = word('cannotPlay')
    })
  const bubble = h(
    'button',
    { type: 'button', class: 'bubble voice', testId: 'message-voice', on: { click: play } },
    icon(ICONS.waves),
    `${seconds}″`,
    player,
  )
  bubble.style.setProperty('--seconds', String(Math.min(60, seconds)))
  return bubble
}

const video = (owner: Owner, { mediaId, thumbMediaId, title }: Of<'video'>) =>
  h(
    'figure',
    { class: 'media' },
    h('video', {
      src: media(owner, mediaId),
      controls: true,
      preload: 'metadata',
      poster: thumbMediaId ? media(owner, thumbMediaId) : undefined,
      testId: 'message-video',
    }),
    title ? h('figcaption', {}, title) : null,
  )

const place = ({ label, latitude, longitude }: Of<'location'>) =>
  h(
    'div',
    { class: 'card place', testId: 'message-location' },
    h('strong', {}, label),
    h('small', {}, `${latitude}, ${longitude}`),
    h('div', { class: 'map', 'aria-hidden': 'true' }),
  )

const card = (
  owner: Owner,
  { title, description, url }: { title: string; description: string; url: string },
  testId: string,
  picture?: string,
) =>
  h(
    'a',
    { class: 'card link', href: phoneLink(owner.appId, owner.openId, url), target: '_blank', rel: 'noopener', testId },
    picture ? h('img', { src: picture, alt: '' }) : null,
    h('strong', {}, title || url),
    h('small', {}, description || url),
  )

const menu = (owner: Owner, { head, options, tail }: Of<'menu'>) =>
  h(
    'div',
    { class: 'bubble', testId: 'message-menu' },
    head,
    h(
      'ul',
      { class: 'options' },
      ...options.map(({ id, text }) =>
        h(
          'li',
          {},
          h('button', { type: 'button', class: 'option', testId: `option-${id}`, on: { click: () => choose(owner, id, text) } }, text),
        ),
      ),
    ),
    tail,
  )

const template = (owner: Owner, { title, lines, url }: Of<'template'>) =>
  h(
    'div',
    { class: 'card template', testId: 'message-template' },
    h('strong', {}, title),
    h('dl', {}, ...lines.flatMap(({ label, value }) => [h('dt', {}, label), h('dd', {}, value)])),
    url ? webLink(owner, url, word('openDetail')) : null,
  )

export const renderContent = (owner: Owner, content: Content): HTMLElement => {
  switch (content.type) {
    case 'text':
      return h('div', { class: 'bubble', testId: 'message-text' }, ...withLinks(owner, content.text))
    case 'image':
      return h('figure', { class: 'media' }, h('img', { src: media(owner, content.mediaId), alt: word('image'), testId: 'message-image' }))
    case 'voice':
      return voice(owner, content)
    case 'video':
      return video(owner, content)
    case 'location':
      return place(content)
    case 'link':
      return card(owner, content, 'message-card')
    case 'music':
      return card(owner, content, 'message-music')
    case 'news':
      return h(
        'div',
        { class: 'news' },
        ...content.articles.map((article) => card(owner, article, 'message-news', article.picUrl || undefined)),
      )
    case 'menu':
      return menu(owner, content)
    case 'template':
      return template(owner, content)
    case 'card':
      return h('div', { class: 'card' }, h('strong', {}, content.title || content.refId), h('small', {}, content.card))
    case 'other':
      return h('div', { class: 'bubble' }, word('unsupported', { detail: content.msgType }))
  }
}
