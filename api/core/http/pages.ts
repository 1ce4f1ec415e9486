/** The built pages: staff application, customer page, widget script. Their HTML is never cached, their hashed assets for ever. */
import Boom from '@hapi/boom'
import type { ResponseObject, ResponseToolkit, Server } from '@hapi/hapi'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { App } from '../app.ts'
import { NotFound } from '../errors.ts'
import { pagesRoot } from '../places.ts'
import { contentSecurityPolicy } from './headers.ts'

declare module '../modules.ts' {
  interface Hooks {
    /** Origins that may embed the customer page of this account; null when there is no such page. */
    'page.embedders'?: (app: App, accountId: string) => Promise<readonly string[] | null>
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const DAY_SECONDS = 86_400

function sendPage(h: ResponseToolkit, file: string, policy: string): ResponseObject {
  return h.file(file, { confine: pagesRoot }).header('content-security-policy', policy).header('cache-control', 'no-cache')
}

export function registerPages(server: Server, app: App): void {
  const joinPage = path.join(pagesRoot, 'web/join.html')
  const contactPage = path.join(pagesRoot, 'web/contact.html')
  const ticketsPage = path.join(pagesRoot, 'web/tickets.html')
  const directory = (folder: string, maxAgeSeconds: number) => ({
    handler: { directory: { path: path.join(pagesRoot, folder), index: false, redirectToSlash: false } },
    options: { auth: false as const, cache: { expiresIn: maxAgeSeconds * 1000, privacy: 'public' as const } },
  })
  server.route({ method: 'GET', path: '/assets/{path*}', ...directory('admin/assets', 365 * DAY_SECONDS) })
  server.route({ method: 'GET', path: '/web-assets/{path*}', ...directory('web', DAY_SECONDS) })
  server.route({
    method: 'GET',
    path: '/widget.js',
    options: { auth: false },
    handler: (_request, h) =>
      h
        .file(path.join(pagesRoot, 'web/widget.js'), { confine: pagesRoot })
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', 'public, max-age=300'),
  })
  server.route({
    method: 'GET',
    path: '/chat/{accountId}',
    options: { auth: false },
    handler: async (request, h) => {
      const id = String(request.params.accountId)
      const embedders = UUID.test(id) ? await app.hooks.only('page.embedders')(app, id) : null
      // The page itself says that this entrance is closed: a customer in a frame should not read JSON.
      return sendPage(h, path.join(pagesRoot, 'web/chat.html'), contentSecurityPolicy(app.config, ["'self'", ...(embedders ?? [])])).code(
        embedders === null ? 404 : 200,
      )
    },
  })
  // Where registration links, links to the form and to somebody's tickets lead, and the privacy text: the page asks for what it shows.
  for (const [place, page] of [
    ['/join/{token}', joinPage],
    ['/privacy', joinPage],
    ['/contact/{token}', contactPage],
    ['/my-tickets/{token}', ticketsPage],
  ] as const)
    server.route({
      method: 'GET',
      path: place,
      options: { auth: false },
      handler: (_request, h) => sendPage(h, page, contentSecurityPolicy(app.config)).header('referrer-policy', 'no-referrer'),
    })
  // Where links to rate a service lead.
  server.route({
    method: 'GET',
    path: '/rate/{token}',
    options: { auth: false },
    handler: (_request, h) =>
      sendPage(h, path.join(pagesRoot, 'web/rate.html'), contentSecurityPolicy(app.config)).header('referrer-policy', 'no-referrer'),
  })
  server.route({
    method: 'GET',
    path: '/{path*}',
    options: { auth: false },
    handler: (request, h) => sendAdmin(app, typeof request.params.path === 'string' ? request.params.path : '', h),
  })
}

/** Files beside the application (icon, manifest), else the application itself: its own router knows the rest. */
function sendAdmin(app: App, wanted: string, h: ResponseToolkit): ResponseObject {
  if (/^(api|channels|socket\.io|files|simulator)(\/|$)/.test(wanted)) throw Boom.notFound('no such route')
  const folder = path.join(pagesRoot, 'admin')
  const file = path.join(folder, wanted)
  const beside = wanted !== '' && !wanted.includes('\0') && path.extname(wanted) !== '' && file.startsWith(folder + path.sep)
  if (beside && !existsSync(file)) throw new NotFound('page')
  return sendPage(h, beside ? file : path.join(folder, 'index.html'), contentSecurityPolicy(app.config))
}
