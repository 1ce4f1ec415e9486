/** What the chat has of signing in: a button and the company's line. All else comes in chunks of its own, when it is asked for. */
import { type BegunScan, returnedScan } from '../people/returned-scan.ts'
import type { Host } from './host.ts'
import type { SessionKeeper } from './session.ts'
import type { AccountButton } from './view/header.ts'
import type { Locale } from './words/words.ts'

/** Who the page belongs to next. */
export interface NextPerson {
  token: string
  /** It is the one who wrote here: what is unsent is his. */
  keepsWords: boolean
}

interface PagePlace {
  accountId: string
  locale: Locale
  host: Host | null
}
interface Person {
  hasWritten(): boolean
  leave(next?: NextPerson): void
}

export function accountButton(
  { accountId, locale, host }: PagePlace,
  session: SessionKeeper,
  { hasWritten, leave }: Person,
): AccountButton {
  const open = async (scan: BegunScan | null = null) => {
    const { openSheet } = await import('../people/sheet.ts')
    await openSheet({
      accountId,
      locale,
      token: () => session.token,
      hasWritten: hasWritten(),
      embedded: host !== null,
      signedIn: leave,
      signedOut: () => leave(),
      scan,
    })
  }
  const query = new URLSearchParams(location.search)
  const scan = returnedScan(query)
  if (query.has('scan')) history.replaceState(null, '', location.pathname)
  if (scan) void open(scan)
  return { open: () => void open(), offered: (current) => session.signedIn || !current.identified }
}

/** Not worth an error: the page is there to talk. */
export async function showImprint({ accountId, locale }: Omit<PagePlace, 'host'>, place: HTMLElement): Promise<void> {
  try {
    const { imprintOf } = await import('../people/imprint.ts')
    place.replaceChildren(await imprintOf(accountId, locale))
  } catch {
    place.replaceChildren()
  }
}
