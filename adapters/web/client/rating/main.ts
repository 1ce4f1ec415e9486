/** `/rate/{token}`: rating by a signed link, without signing in. */
import '../style/rate.css'
import { chooseLocale } from '../chat/words/words.ts'
import { h } from '../h.ts'
import { ratingByLink } from './api.ts'
import { ratingCard } from './card.ts'
import { ratingWords } from './words.ts'

const token = location.pathname.split('/').filter(Boolean)[1] ?? ''
const locale = chooseLocale(new URLSearchParams(location.search).get('lang'), navigator.languages)
const words = ratingWords(locale)
document.documentElement.lang = locale
document.title = words.title

const card = ratingCard(ratingByLink(token), locale)
const main = h('main', { class: 'card' }, h('h1', {}, words.title), card.element)
document.body.replaceChildren(main)
const problem = await card.loaded
// What the schema refuses is as wrong as what nobody made.
if (problem === 'not_found' || problem === 'invalid_request')
  main.replaceChildren(h('h1', { 'data-testid': 'rate-problem' }, words.not_found), h('p', { class: 'lead' }, words.not_found_hint))
