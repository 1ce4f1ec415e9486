/** `/my-tickets/{token}`: one ticket, or all of somebody's, by a signed link. */
import '../style/tickets-page.css'
import { chooseLocale } from '../chat/words/words.ts'
import { h } from '../h.ts'
import { ticketsByLink } from './api.ts'
import { TicketsView } from './view.ts'
import { ticketSpeaker } from './words.ts'

const token = location.pathname.split('/').filter(Boolean)[1] ?? ''
const locale = chooseLocale(new URLSearchParams(location.search).get('lang'), navigator.languages)
const say = ticketSpeaker(locale)
document.documentElement.lang = locale
document.title = say('title')

const view = new TicketsView({ source: ticketsByLink(token), say, locale })
document.body.replaceChildren(h('main', { class: 'card' }, h('h1', {}, say('title')), view.element))
await view.start(null)
