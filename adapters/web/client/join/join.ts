import { applyAccent } from '../chat/accent.ts'
import { ApiFailure } from '../chat/api.ts'
import { createKeep } from '../chat/keep.ts'
import { keptToken, keepLogin } from '../chat/session.ts'
import type { Locale } from '../chat/words/words.ts'
import { button, h } from '../h.ts'
import { createPeopleApi, openLink } from '../people/api.ts'
import { imprint } from '../people/imprint.ts'
import { profileForm } from '../people/profile-form.ts'
import { SignIn } from '../people/sign-in.ts'
import type { OpenedLink, WebLogin } from '../people/wire.ts'
import type { PeopleSay } from '../people/words/words.ts'

interface JoinParts {
  main: HTMLElement
  say: PeopleSay
  locale: Locale
  token: string
}

const BAD = {
  link_expired: 'join.expired',
  link_used_up: 'join.used_up',
  link_revoked: 'join.revoked',
  not_found: 'join.not_found',
} as const
const isBad = (code: string): code is keyof typeof BAD => Object.hasOwn(BAD, code)

export async function showJoin(parts: JoinParts): Promise<void> {
  try {
    showForm(parts, await openLink(parts.token))
  } catch (error) {
    showProblem(parts, error instanceof ApiFailure ? error.code : 'unknown')
  }
}

function showProblem(parts: JoinParts, code: string): void {
  const { main, say } = parts
  // What the schema refuses is as wrong as what nobody made.
  const bad = code === 'invalid_request' ? 'not_found' : code
  const again = button({ class: 'primary' }, () => void showJoin(parts), say('wechat.again'))
  const known = isBad(bad)
  main.replaceChildren(
    h('h1', { 'data-testid': 'join-problem', 'data-code': bad }, say(known ? BAD[bad] : 'join.failed')),
    h('p', { class: 'lead' }, say(known ? 'join.bad_hint' : 'join.failed_hint')),
    ...(known ? [] : [again]),
  )
}

function showForm({ main, say, locale, token }: JoinParts, opened: OpenedLink, withoutLink = false): void {
  const { page, invitedBy: name, team } = opened
  applyAccent(page.accent)
  document.title = page.title
  const keep = createKeep(page.accountId, () => localStorage)
  const api = createPeopleApi(page.accountId, () => keptToken(keep))
  const form = new SignIn({
    api,
    say,
    locale,
    page,
    link: withoutLink ? null : token,
    // What was written on this device before is nobody's invitation.
    canKeep: false,
    embedded: false,
    done: (login) => {
      keepLogin(keep, login.token)
      showProfile({ main, say, locale, token }, opened, login)
    },
    linkGone: () => showGone({ main, say, locale, token }, opened),
  })
  const invitation = team === null ? say('join.invited', { name }) : say('join.invited_team', { name, team })
  main.replaceChildren(
    h('h1', {}, page.title),
    h('p', { class: 'lead', 'data-testid': 'join-invitation' }, withoutLink ? say('join.title') : invitation),
    form.element,
    imprint(page, locale),
  )
}

/** Two came at once, and this was not the first: he is not turned away. */
function showGone(parts: JoinParts, opened: OpenedLink): void {
  const { main, say } = parts
  const goOn = button({ class: 'primary wide' }, () => showForm(parts, opened, true), say('join.go_on'))
  main.replaceChildren(
    h('h1', { 'data-testid': 'join-problem', 'data-code': 'link_used_up' }, say('join.used_up')),
    h('p', { class: 'lead' }, say('join.used_up_go_on')),
    goOn,
  )
}

function showProfile({ main, say, locale }: JoinParts, { page }: OpenedLink, login: WebLogin): void {
  const goOn = () => location.replace(`/chat/${page.accountId}?lang=${locale}`)
  if (!login.registered || login.profile.name !== null) return goOn()
  const api = createPeopleApi(page.accountId, () => login.token)
  const form = profileForm({ api, say, profile: login.profile, submit: say('profile.save'), saved: goOn, skip: goOn })
  main.replaceChildren(h('h1', {}, say('profile.title')), h('p', { class: 'lead' }, say('profile.lead')), form, imprint(page, locale))
}
