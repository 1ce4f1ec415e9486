/** Text with its links and faces: every piece becomes a text node, whatever it holds. */
import { h } from '../../h.ts'

const LINK = /https?:\/\/[^\s<>"'，。！？；：、（）《》【】“”‘’]+/g
/** What ends a sentence is no part of the address before it. */
const TAIL = /[.,!?;:)\]}]+$/
const MAYBE_FACE = /\[[^\]\n]{1,16}\]|\/:/

/** Only web addresses; null for `javascript:` and everything else. */
export function safeHref(address: string | undefined): string | null {
  return httpUrl(address, undefined, /^https?:$/)
}

/** Files come from our own server, so their addresses may also be paths; never another scheme. */
export function safeFileUrl(address: string | undefined): string | null {
  return httpUrl(address, location.origin, /^(https?|blob):$/)
}

function httpUrl(address: string | undefined, base: string | undefined, schemes: RegExp): string | null {
  if (!address) return null
  try {
    const url = new URL(address, base)
    return schemes.test(url.protocol) ? url.href : null
  } catch {
    return null
  }
}

/** Opened so that the other page cannot reach ours. */
export function link(href: string, ...children: (Node | string)[]): HTMLAnchorElement {
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children)
}

export function richText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment()
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(TAIL, '')
    const href = safeHref(address)
    if (!href) continue
    fragment.append(withFaces(text.slice(from, match.index)), link(href, address))
    from = match.index + address.length
  }
  fragment.append(withFaces(text.slice(from)))
  return fragment
}

/** The list of faces is fetched when a text first looks as if it had one; until then its code is shown. */
function withFaces(text: string): Node {
  if (!MAYBE_FACE.test(text)) return document.createTextNode(text)
  const span = h('span', {}, text)
  import('./faces.ts').then(
    ({ faceNodes }) => span.replaceChildren(...faceNodes(text)),
    () => {},
  )
  return span
}
