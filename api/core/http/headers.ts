/** Headers that keep browsers from doing what nobody asked for. */
import type { Request, ResponseToolkit } from '@hapi/hapi'
import type { Config } from '../config.ts'

type Setter = (name: string, value: string) => void

/** @param framedBy origins that may embed the page; none by default */
export function contentSecurityPolicy(config: Config, framedBy: readonly string[] = []): string {
  const files = config.filesOrigin ? ` ${config.filesOrigin}` : ''
  return [
    "default-src 'self'",
    // Voice decoders are WebAssembly in workers of our own.
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${files}`,
    `media-src 'self' blob:${files}`,
    `connect-src 'self'${files}`,
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framedBy.length > 0 ? framedBy.join(' ') : "'none'"}`,
  ].join('; ')
}

export function securityHeaders(config: Config) {
  const policy = contentSecurityPolicy(config)
  return (request: Request, h: ResponseToolkit) => {
    const { response } = request
    const set: Setter =
      response instanceof Error
        ? (name, value) => void (response.output.headers[name] = value)
        : (name, value) => void response.header(name, value, { override: false })
    set('x-content-type-options', 'nosniff')
    set('referrer-policy', 'same-origin')
    set('content-security-policy', policy)
    if (config.production) set('strict-transport-security', 'max-age=15768000')
    return h.continue
  }
}
