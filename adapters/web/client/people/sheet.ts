/** The sheet behind the button in the chat's head: signing in, or my account. A chunk of its own: most people never open it. */
import '../style/people.css'
import { ApiFailure } from '../chat/api.ts'
import type { Locale } from '../chat/words/words.ts'
import { h } from '../h.ts'
import { accountView } from './account.ts'
import { createPeopleApi, type PeopleApi } from './api.ts'
import { openDialog, type OpenDialog } from './dialog.ts'
import { profileForm } from './profile-form.ts'
import type { BegunScan } from './returned-scan.ts'
import { SignIn } from './sign-in.ts'
import type { WebLogin, WebPage, WebProfile } from './wire.ts'
import { peopleSpeaker, wordFailure, type PeopleSay } from './words/words.ts'

export interface SheetParts {
  accountId: string
  locale: Locale
  token: () => string | null
  /** Something was written here before signing in. */
  hasWritten: boolean
  embedded: boolean
  /** The new token; the page begins anew with it once the sheet is closed. */
  signedIn(login: { token: string; keepsWords: boolean }): void
  signedOut(): void
  /** WeChat has sent this tab back with it. */
  scan?: BegunScan | null
}

interface Sheet extends SheetParts {
  api: PeopleApi
  say: PeopleSay
  dialog: OpenDialog
}

export async function openSheet(parts: SheetParts): Promise<void> {
  const say = peopleSpeaker(parts.locale)
  const api = createPeopleApi(parts.accountId, parts.token)
  const dialog = openDialog({ title: say('account.title'), close: say('account.close'), body: h('p', { class: 'note' }, '…') })
  const sheet = { ...parts, api, say, dialog }
  try {
    const { profile } = await api.me()
    if (profile === null) return showSignIn(sheet, await api.page())
    showAccount(sheet, profile)
  } catch (error) {
    const failure = error instanceof ApiFailure ? error : new ApiFailure('unknown')
    dialog.show(say('account.title'), h('p', { role: 'alert' }, wordFailure(say, failure)))
  }
}

function showAccount(sheet: Sheet, profile: WebProfile): void {
  const { api, say, locale, dialog, signedOut } = sheet
  const signedIn = () => void api.me().then((me) => me.profile && showAccount(sheet, me.profile))
  dialog.show(say('account.title'), accountView({ api, say, locale, profile, signedOut, signedIn }))
}

function showSignIn(sheet: Sheet, page: WebPage): void {
  const { api, say, locale, dialog, hasWritten, embedded } = sheet
  const done = (login: WebLogin) => showWelcome(sheet, login, form.keeps)
  const link = sheet.scan?.link ?? null
  // Used up meanwhile: he is not turned away.
  const linkGone = () => showSignIn({ ...sheet, scan: null }, page)
  const form = new SignIn({ api, say, locale, page, link, canKeep: hasWritten, embedded, done, linkGone })
  dialog.show(say('sign_in.title'), h('div', {}, h('p', { class: 'note' }, say('sign_in.lead')), form.element))
  dialog.closed(() => form.stop())
  if (sheet.scan) void form.finish(sheet.scan)
}

/** Somebody new is asked who he is, once; he may skip it. */
function showWelcome({ say, dialog, accountId, signedIn }: Sheet, login: WebLogin, keepsWords: boolean): void {
  const goOn = () => signedIn({ token: login.token, keepsWords })
  if (!login.registered || login.profile.name !== null) return goOn()
  const api = createPeopleApi(accountId, () => login.token)
  const form = profileForm({ api, say, profile: login.profile, submit: say('profile.save'), saved: goOn, skip: goOn })
  dialog.show(say('profile.title'), h('div', {}, h('p', { class: 'note' }, say('profile.lead')), form))
}
