/** A picture over the whole page. The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back. */
import { button, h, icon } from '../../h.ts'
import type { Say } from '../words/words.ts'
import { ICONS } from './icons.ts'
import { link } from './text.ts'

export function openLightbox({ url, name }: { url: string; name: string }, say: Say): void {
  const save = link(url, icon(ICONS.save))
  save.download = name
  save.setAttribute('aria-label', say('lightbox.save'))
  const close = button({ 'aria-label': say('lightbox.close'), autofocus: true }, () => dialog.close(), icon(ICONS.close))
  const image = h('img', { src: url, alt: name })
  const dialog = h(
    'dialog',
    { class: 'lightbox', 'aria-label': say('lightbox.label') },
    h('div', { class: 'lightbox-bar' }, save, close),
    image,
  )
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  image.addEventListener('click', () => image.classList.toggle('large'))
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
