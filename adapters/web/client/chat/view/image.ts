import { button, h } from '../../h.ts'
import type { Media } from '../wire.ts'
import type { ViewContext } from './context.ts'
import { safeFileUrl } from './text.ts'

/** A thumbnail that keeps its place while it loads, opens large, and offers to be fetched anew when its link has expired. */
export function imageElement({ media, url, refresh }: { media: Media; url: string; refresh(): void }, view: ViewContext): HTMLElement {
  const source = url.startsWith('blob:') ? url : (safeFileUrl(media.thumbnailUrl) ?? url)
  const name = media.name ?? view.say('part.image')
  const image = h('img', { src: source, alt: name, width: media.width, height: media.height, loading: 'lazy', decoding: 'async' })
  const frame = button({ class: 'bubble image', 'aria-label': view.say('part.open_image') }, () => view.openImage(url, name), image)
  image.addEventListener('error', () => {
    frame.replaceWith(button({ class: 'bubble text muted broken' }, refresh, view.say('part.image_broken')))
  })
  return frame
}
