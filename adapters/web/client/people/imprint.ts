import '../style/people.css'
import { h } from '../h.ts'
import type { Locale } from '../chat/words/words.ts'
import { createPeopleApi } from './api.ts'
import { openPrivacy } from './privacy.ts'
import type { WebPage } from './wire.ts'
import { peopleSpeaker } from './words/words.ts'

/** Who runs the page, as the law asks for: company, 备案号, privacy text. */
export function imprint(page: Pick<WebPage, 'companyName' | 'icpNumber'>, locale: Locale): HTMLElement {
  const say = peopleSpeaker(locale)
  const filing = { href: 'https://beian.miit.gov.cn/', target: '_blank', rel: 'noopener noreferrer' }
  const privacy = h('a', { href: `/privacy?lang=${locale}` }, say('privacy.title'))
  privacy.addEventListener('click', (event) => {
    event.preventDefault()
    void openPrivacy(say, locale)
  })
  return h(
    'footer',
    { class: 'imprint', 'data-testid': 'imprint' },
    h('span', {}, page.companyName),
    page.icpNumber === null ? null : h('a', filing, page.icpNumber),
    privacy,
  )
}

export const imprintOf = async (accountId: string, locale: Locale): Promise<HTMLElement> =>
  imprint(await createPeopleApi(accountId, () => null).page(), locale)
