import { ApiFailure } from '../chat/api.ts'
import type { Locale } from '../chat/words/words.ts'
import { h } from '../h.ts'
import { fetchPrivacy } from './api.ts'
import { openDialog } from './dialog.ts'
import { wordFailure, type PeopleSay } from './words/words.ts'

/** The text in force, in the reader's language. */
export async function privacyElement(say: PeopleSay, locale: Locale): Promise<HTMLElement> {
  try {
    const text = await fetchPrivacy()
    const date = new Date(text.publishedAt).toLocaleDateString(locale)
    return h(
      'article',
      { class: 'privacy' },
      h('p', { class: 'note' }, [text.companyName, say('privacy.version', { version: text.version, date })].join(' · ')),
      h('div', { class: 'text', 'data-testid': 'privacy-text' }, locale === 'en' ? text.en : text.zh),
      text.icpNumber === null ? null : h('p', { class: 'note' }, text.icpNumber),
    )
  } catch (error) {
    return h('p', { role: 'alert' }, wordFailure(say, error instanceof ApiFailure ? error : new ApiFailure('unknown')))
  }
}

export async function openPrivacy(say: PeopleSay, locale: Locale): Promise<void> {
  openDialog({ title: say('privacy.title'), close: say('privacy.close'), body: await privacyElement(say, locale) })
}
