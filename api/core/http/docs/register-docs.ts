/** GET /api/v1/openapi.json for machines, GET /api/docs for people. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Server } from '@hapi/hapi'
import type { App } from '../../app.ts'
import type { Route } from '../route.ts'
import { describeApi, toOpenApi } from './openapi.ts'
import { renderPage } from './page.ts'

const here = path.dirname(fileURLToPath(import.meta.url))

export function registerDocs(server: Server, app: App, routes: readonly Route[]): void {
  // Made when first asked for: most processes never are.
  let made: { document: string; page: string } | undefined
  const make = () => {
    const api = describeApi(routes)
    return { document: JSON.stringify(toOpenApi(app.config.publicUrl, api)), page: renderPage(api) }
  }
  const serve = (url: string, part: 'document' | 'page', type: string) =>
    server.route({
      method: 'GET',
      path: url,
      options: { auth: false },
      handler: (_request, h) =>
        h
          .response((made ??= make())[part])
          .type(type)
          .header('cache-control', 'no-cache'),
    })
  serve('/api/v1/openapi.json', 'document', 'application/json')
  serve('/api/docs', 'page', 'text/html')
  server.route({
    method: 'GET',
    path: '/api/docs/docs.css',
    options: { auth: false, cache: { expiresIn: 300_000, privacy: 'public' } },
    handler: (_request, h) => h.file(path.join(here, 'docs.css'), { confine: here }),
  })
}
