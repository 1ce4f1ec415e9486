/** Who the page is for the server: one opaque token, kept per account, bound to the host site's visitor it was made for. */
import { isRecord } from '../record.ts'
import { ApiFailure, type Api } from './api.ts'
import type { Keep } from './keep.ts'
import type { IdentityClaim, Session, SessionRequest } from './wire.ts'

const KEY = 'session'
/** Subject of who has signed in here by himself: no host site's visitor. */
const SIGNED_IN = 'login'

interface StoredToken {
  token: string
  /** `id` of the claim it was made with; null for an anonymous visitor. */
  subject: string | null
}

type Place = Pick<SessionRequest, 'team' | 'business' | 'entry'>
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Only what the contract takes: a host page's slip must not cost the visitor his chat. */
export function placeIn(search: string): Place {
  const query = new URLSearchParams(search)
  const [team, business, entry] = [query.get('team'), query.get('business')?.slice(0, 40), query.get('entry')?.slice(0, 128)]
  return { ...(team && UUID.test(team) ? { team } : {}), ...(business ? { business } : {}), ...(entry ? { entry } : {}) }
}

export const keptToken = (keep: Keep): string | null => parseStored(keep.read(KEY))?.token ?? null
export const keepLogin = (keep: Keep, token: string): void => keep.write(KEY, { token, subject: SIGNED_IN })

export class SessionKeeper {
  readonly #keep: Keep
  readonly #place: Place
  #stored: StoredToken | null
  #claim: IdentityClaim | null = null
  pageUrl = ''
  /** Who was signed in here is so no more: nothing that the page shows may stay. */
  endedElsewhere = false

  /** @param place what the address says about it: team, business, entry */
  constructor(keep: Keep, place: Place = {}) {
    this.#keep = keep
    this.#place = place
    this.#stored = parseStored(keep.read(KEY))
  }

  get token(): string | null {
    return this.#stored?.token ?? null
  }

  /** Has the customer signed in here by himself? */
  get signedIn(): boolean {
    return this.#stored?.subject === SIGNED_IN
  }

  /** @returns true when the page belongs to another customer from now on: nothing that it shows or holds may stay. */
  claim(claim: IdentityClaim): boolean {
    const before = this.#stored?.subject ?? this.#claim?.id ?? null
    this.#claim = claim
    const other = before !== null && before !== claim.id
    if (other) this.forget()
    return other
  }

  forget(): void {
    this.#stored = null
    this.#keep.remove(KEY)
  }

  /**
   * Begins, or continues with the token from before. A token that is refused is dropped and the page begins anew.
   * @throws ApiFailure
   */
  async start(api: Api, locale: 'zh-CN' | 'en'): Promise<Session> {
    const claim = this.#claim
    const request = { locale, ...(claim ? { identity: claim } : {}), ...(this.pageUrl ? { pageUrl: this.pageUrl } : {}), ...this.#place }
    try {
      return this.#store(await api.startSession(request, this.token), claim?.id ?? this.#stored?.subject ?? null)
    } catch (error) {
      const stale =
        error instanceof ApiFailure && (error.code === 'unauthenticated' || error.code === 'session_expired') && this.token !== null
      if (!stale) throw error
      this.endedElsewhere = this.signedIn
      this.forget()
      return this.#store(await api.startSession(request, null), claim?.id ?? null)
    }
  }

  #store(session: Session, subject: string | null): Session {
    this.#stored = { token: session.token, subject: session.identified ? subject : null }
    this.#keep.write(KEY, this.#stored)
    return session
  }
}

function parseStored(value: unknown): StoredToken | null {
  if (!isRecord(value) || typeof value.token !== 'string') return null
  return { token: value.token, subject: typeof value.subject === 'string' ? value.subject : null }
}
