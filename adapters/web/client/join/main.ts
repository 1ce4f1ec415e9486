/** `/join/{token}`: registering by a link. `/privacy`: the privacy text on a page of its own. */
import '../style/join.css'
import { chooseLocale } from '../chat/words/words.ts'
import { h } from '../h.ts'
import { privacyElement } from '../people/privacy.ts'
import { peopleSpeaker } from '../people/words/words.ts'
import { showJoin } from './join.ts'

const [place, token] = location.pathname.split('/').filter(Boolean)
const locale = chooseLocale(new URLSearchParams(location.search).get('lang'), navigator.languages)
const say = peopleSpeaker(locale)
document.documentElement.lang = locale

const main = h('main', { class: 'card' })
document.body.replaceChildren(main)
if (place === 'privacy') {
  document.title = say('privacy.title')
  main.append(h('h1', {}, say('privacy.title')), await privacyElement(say, locale))
} else {
  document.title = say('join.title')
  await showJoin({ main, say, locale, token: token ?? '' })
}
