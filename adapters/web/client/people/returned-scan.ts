import { isRecord, parseJson } from '../record.ts'

const PENDING = 'lianke:scan'

export interface BegunScan {
  scanId: string
  browserToken: string
  /** The registration link somebody came by. */
  link: string | null
}

/** For when WeChat has sent this tab back. */
export const rememberScan = (scan: BegunScan): void => sessionStorage.setItem(PENDING, JSON.stringify(scan))

/** What this tab began before WeChat sent it back; null when it did not, or began something else. Read once. */
export function returnedScan(query: URLSearchParams): BegunScan | null {
  const id = query.get('scan')
  if (id === null) return null
  const kept = parseJson(sessionStorage.getItem(PENDING))
  sessionStorage.removeItem(PENDING)
  if (!isRecord(kept) || kept.scanId !== id || typeof kept.browserToken !== 'string') return null
  return { scanId: id, browserToken: kept.browserToken, link: typeof kept.link === 'string' ? kept.link : null }
}
