import '../style/chat.css'
import { applyAccent } from './accent.ts'
import { showImprint } from './account.ts'
import { App } from './app.ts'
import { connectHost } from './host.ts'
import { createKeep } from './keep.ts'
import { followKeyboard } from './viewport.ts'
import { chooseLocale } from './words/words.ts'

const query = new URLSearchParams(location.search)
/** `/chat/{accountId}` */
const accountId = location.pathname.split('/').filter(Boolean).at(-1) ?? ''
const locale = chooseLocale(query.get('lang'), navigator.languages)
const origin = query.get('origin')
const embedded = query.has('embed') && parent !== window && origin !== null && /^https?:\/\/[^/]+$/.test(origin)

document.documentElement.lang = locale
document.documentElement.classList.toggle('embedded', embedded)
const accent = query.get('accent')
applyAccent(accent)
followKeyboard(document.documentElement)

const app = new App({
  accountId,
  locale,
  accent,
  keep: createKeep(accountId, () => localStorage),
  host: embedded ? connectHost(origin) : null,
})
document.body.replaceChildren(app.shell.element)
void app.start()
if (!embedded) void showImprint({ accountId, locale }, app.shell.imprint)
