/** My account: who I am here, my password, where I am signed in. */
import { ApiFailure } from '../chat/api.ts'
import type { Locale } from '../chat/words/words.ts'
import { button, h } from '../h.ts'
import type { PeopleApi } from './api.ts'
import { CodeField } from './code-field.ts'
import { describeDevice } from './device-name.ts'
import { field } from './field.ts'
import { profileForm } from './profile-form.ts'
import type { WebDevice, WebProfile } from './wire.ts'
import { wordFailure, type PeopleSay } from './words/words.ts'

interface AccountParts {
  api: PeopleApi
  say: PeopleSay
  locale: Locale
  profile: WebProfile
  /** The token is gone: the page begins anew. */
  signedOut(): void
  /** He is somebody more than before: what stands here is drawn anew. */
  signedIn(): void
}

export function accountView(parts: AccountParts): HTMLElement {
  const { api, say, profile, signedOut } = parts
  const saved = h('p', { class: 'note', role: 'status', hidden: true }, say('account.saved'))
  const form = profileForm({ api, say, profile, submit: say('account.save'), saved: () => (saved.hidden = false) })
  const who = h(
    'p',
    { class: 'who-am-i', 'data-testid': 'account-phone' },
    profile.phone ?? '',
    h('small', {}, say(`account.${profile.status}`)),
  )
  const devices = h('ul', { class: 'devices', 'data-testid': 'devices' })
  const leave = button(
    { class: 'secondary wide', 'data-testid': 'sign-out' },
    () => void api.logOut().then(signedOut, signedOut),
    say('account.sign_out'),
  )
  void showDevices(parts, devices)
  return h(
    'div',
    { class: 'account' },
    who,
    form,
    saved,
    profile.phone === null ? phoneSection(parts) : passwordSection(parts),
    h('h3', {}, say('account.devices')),
    devices,
    leave,
  )
}

/** Who came by WeChat proves his number; with it he can have a password. */
function phoneSection({ api, say, signedIn }: AccountParts): HTMLElement {
  const error = h('p', { class: 'error', role: 'alert', hidden: true })
  const complain = (text: string) => {
    error.textContent = text
    error.hidden = text === ''
  }
  const phone = field(
    say('field.phone'),
    { type: 'tel', autocomplete: 'tel', maxlength: 20, 'data-testid': 'own-phone' },
    say('field.phone_hint'),
  )
  const code = new CodeField({ api, say, phone: () => phone.value(), complain })
  const save = h('button', { type: 'submit', class: 'secondary wide' }, say('account.save'))
  const form = h('form', { novalidate: true }, phone.element, code.element, error, save)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    api
      .provePhone({ phone: phone.value(), code: code.value() })
      .then(signedIn, (reason: unknown) => complain(wordFailure(say, reason instanceof ApiFailure ? reason : new ApiFailure('unknown'))))
  })
  return h('details', { class: 'password' }, h('summary', { 'data-testid': 'phone-open' }, say('account.phone_add')), form)
}

function passwordSection({ api, say, profile }: AccountParts): HTMLElement {
  const secret = { type: 'password', maxlength: 256 }
  const current = field(say('field.current_password'), { ...secret, autocomplete: 'current-password' }, say('account.password_hint'))
  const wanted = field(
    say('field.new_password'),
    { ...secret, autocomplete: 'new-password', required: true, 'data-testid': 'new-password' },
    say('field.password_hint'),
  )
  const note = h('p', { class: 'note', role: 'status', hidden: true })
  const save = h('button', { type: 'submit', class: 'secondary wide', 'data-testid': 'password-save' }, say('account.save'))
  const form = h('form', { novalidate: true }, profile.hasPassword ? current.element : null, wanted.element, note, save)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const old = current.input.value
    const tell = (text: string, failed: boolean) => {
      note.textContent = text
      note.hidden = false
      note.classList.toggle('error', failed)
    }
    api.setPassword({ password: wanted.input.value, ...(old ? { current: old } : {}) }).then(
      () => {
        form.reset()
        tell(say('account.password_done'), false)
      },
      (error: unknown) => tell(wordFailure(say, error instanceof ApiFailure ? error : new ApiFailure('unknown')), true),
    )
  })
  const title = say(profile.hasPassword ? 'account.password_change' : 'account.password_set')
  return h('details', { class: 'password' }, h('summary', { 'data-testid': 'password-open' }, title), form)
}

async function showDevices(parts: AccountParts, list: HTMLElement): Promise<void> {
  const { api, say } = parts
  try {
    list.replaceChildren(...(await api.devices()).map((device) => deviceLine(parts, device, () => void showDevices(parts, list))))
  } catch (error) {
    list.replaceChildren(h('li', { role: 'alert' }, wordFailure(say, error instanceof ApiFailure ? error : new ApiFailure('unknown'))))
  }
}

function deviceLine({ api, say, locale }: AccountParts, device: WebDevice, again: () => void): HTMLElement {
  const time = new Date(device.lastSeenAt).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'short' })
  const facts = [say(`method.${device.method}`), say('account.device_seen', { time }), device.ip].filter(Boolean).join(' · ')
  const name = describeDevice(device.userAgent) ?? say('account.unnamed_device')
  const end = device.current
    ? h('em', {}, say('account.this_device'))
    : button({ class: 'link', 'data-testid': 'device-out' }, () => void api.revoke(device.id).then(again, again), say('account.device_out'))
  return h('li', {}, h('div', {}, h('strong', {}, name), h('small', {}, facts)), end)
}
