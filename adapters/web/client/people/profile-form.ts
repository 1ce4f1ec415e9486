import { ApiFailure } from '../chat/api.ts'
import { button, h } from '../h.ts'
import type { PeopleApi } from './api.ts'
import { field } from './field.ts'
import type { WebProfile } from './wire.ts'
import { wordFailure, type PeopleSay } from './words/words.ts'

interface ProfileFormParts {
  api: PeopleApi
  say: PeopleSay
  profile: WebProfile
  submit: string
  saved(profile: WebProfile): void
  /** Absent where there is nothing to go on to. */
  skip?(): void
}

/** Name, 单位, 职务: none of them is needed to talk. */
export function profileForm({ api, say, profile, submit, saved, skip }: ProfileFormParts): HTMLFormElement {
  const text = (autocomplete: string, most: number, value: string | null) => ({
    autocomplete,
    maxlength: most,
    value: value ?? '',
    placeholder: say('field.optional'),
  })
  const name = field(say('field.name'), { ...text('name', 60, profile.name), 'data-testid': 'profile-name' })
  const organisation = field(say('field.organisation'), {
    ...text('organization', 100, profile.organisation),
    // What the company has on record is the company's to change.
    readonly: profile.status === 'formal' && profile.organisation !== null,
    'data-testid': 'profile-organisation',
  })
  const title = field(say('field.title'), { ...text('organization-title', 60, profile.title), 'data-testid': 'profile-title' })
  const error = h('p', { class: 'error', role: 'alert', hidden: true })
  const save = h('button', { type: 'submit', class: 'primary wide', 'data-testid': 'profile-save' }, submit)
  const skipping = skip && button({ class: 'link wide', 'data-testid': 'profile-skip' }, skip, say('profile.skip'))
  const form = h('form', { class: 'profile', novalidate: true }, name.element, organisation.element, title.element, error, save, skipping)
  let { version } = profile
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send()
  })
  async function send(): Promise<void> {
    save.disabled = true
    error.hidden = true
    try {
      const changed = await api.saveProfile({
        name: name.value() || null,
        title: title.value() || null,
        ...(organisation.input.readOnly ? {} : { organisation: organisation.value() || null }),
        version,
      })
      version = changed.version
      saved(changed)
    } catch (reason) {
      const failure = reason instanceof ApiFailure ? reason : new ApiFailure('unknown')
      error.textContent = wordFailure(say, failure)
      error.hidden = false
      if (failure.code === 'version_conflict') version = (await api.me().catch(() => null))?.profile?.version ?? version
    } finally {
      save.disabled = false
    }
  }
  return form
}
