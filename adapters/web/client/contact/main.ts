/** `/contact/{token}`: leaving word through a link, for customers of channels without a page of ours. */
import '../style/contact.css'
import { ApiFailure } from '../chat/api.ts'
import { chooseLocale } from '../chat/words/words.ts'
import { button, h } from '../h.ts'
import { type ContactPage, leaveWordByLink, openContactPage } from '../start/api.ts'
import { contactForm } from '../start/contact-form.ts'
import { dayAndTime } from '../start/panel.ts'
import { startSpeaker } from '../start/words.ts'

const token = location.pathname.split('/').filter(Boolean).at(-1) ?? ''
const locale = chooseLocale(new URLSearchParams(location.search).get('lang'), navigator.languages)
const say = startSpeaker(locale)
const main = h('main', { class: 'card' })
document.documentElement.lang = locale
document.title = say('form_title')
document.body.replaceChildren(main)

const tell = (title: string, lead: string, state: string) =>
  main.replaceChildren(h('h1', { 'data-testid': 'contact-state', 'data-state': state }, title), h('p', { class: 'lead' }, lead))

function show(page: ContactPage): void {
  if (page.state === 'sent') return tell(say('sent'), page.title, 'sent')
  if (page.state === 'closed') return tell(say('page_closed'), say('page_closed_hint'), 'closed')
  const opens = page.opensAt === null ? '' : `${say('opens', { time: dayAndTime(page.opensAt, { timeZone: page.timeZone, locale }) })} · `
  main.replaceChildren(
    h('h1', { 'data-testid': 'contact-state', 'data-state': 'open' }, say('form_title')),
    h('p', { class: 'lead' }, `${page.title} · ${opens}${say('form_lead')}`),
    contactForm({ say, send: (form) => leaveWordByLink(token, form), sent: () => tell(say('sent'), page.title, 'sent') }),
  )
}

async function load(): Promise<void> {
  main.replaceChildren(h('p', { class: 'lead' }, say('loading')))
  try {
    show(await openContactPage(token))
  } catch (error) {
    // What the schema refuses is as wrong as what nobody signed.
    const gone = error instanceof ApiFailure && (error.code === 'not_found' || error.code === 'invalid_request')
    if (gone) return tell(say('link_gone'), say('link_gone_hint'), 'gone')
    main.replaceChildren(
      h('h1', {}, say('failed')),
      button({ class: 'primary' }, () => void load(), say('retry')),
    )
  }
}
await load()
