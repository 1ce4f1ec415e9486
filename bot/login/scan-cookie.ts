import type { ResponseToolkit } from '@hapi/hapi'
import type { App } from '#api/core/app.ts'

export const SCAN_COOKIE = 'lianke_scan'

/** Lax: it has to come along when WeChat sends the browser back. */
export function setScanCookie(app: App, h: ResponseToolkit, browser: string): void {
  h.state(SCAN_COOKIE, browser, {
    isSecure: app.config.publicUrl.startsWith('https://'),
    isHttpOnly: true,
    isSameSite: 'Lax',
    path: '/api/v1',
    ttl: 600_000,
    encoding: 'none',
    strictHeader: true,
    ignoreErrors: true,
  })
}
