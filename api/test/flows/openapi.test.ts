import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { botRoutes } from '#bot/bot.ts'
import { customerEventSchemas, staffCommandSchemas, staffEventSchemas } from '../../contract/realtime.ts'
import { discoverModules } from '../../core/modules.ts'
import { startTestApp, type TestApp } from '../harness.ts'

interface Operation {
  operationId: string
  summary: string
  security: unknown[]
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
interface Document {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
  'x-events': Record<'staff' | 'customer', { events: object; commands: object }>
}

const modules = await discoverModules()
const routes = [...modules.flatMap((definition) => definition.routes ?? []), ...botRoutes]

let it: TestApp
let document: Document

beforeAll(async () => {
  it = await startTestApp({ roles: ['api', 'bot'] })
  document = (await it.anonymous().ask('GET', '/openapi.json')).body
})
afterAll(() => it.stop())

/** Those of the route table. */
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => (routeOf(path, method) ? [{ path, method, operation }] : [])),
  )

test('the document is OpenAPI 3.1 with a title, a version and both ways to sign in', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d$/)
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
  expect(Object.keys(document.components.securitySchemes).sort()).toEqual(['customerToken', 'session'])
})

/** What a browser opens: not part of the API. */
const PAGES = new Set([
  'get /assets/{path*}',
  'get /web-assets/{path*}',
  'get /widget.js',
  'get /chat/{accountId}',
  'get /join/{token}',
  'get /rate/{token}',
  'get /contact/{token}',
  'get /my-tickets/{token}',
  'get /privacy',
  'get /{path*}',
  'get /api/docs',
  'get /api/docs/docs.css',
])

test('everything that the server answers stands in it, pages aside, and nothing else does', () => {
  const served = it.process.server
    .table()
    .map(({ method, path }) => `${method} ${path}`)
    .filter((name) => !PAGES.has(name))
  const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
  expect(described.sort()).toEqual(served.sort())
})

const routeOf = (path: string, method: string) => routes.find((each) => each.path === path && each.method.toLowerCase() === method)

test('each operation has its own id, its parameters and its answer', () => {
  expect(new Set(operations().map(({ operation }) => operation.operationId)).size).toBe(operations().length)
  for (const { path, method, operation } of operations()) {
    const name = `${method} ${path}`
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    const described = operation.parameters.filter((parameter) => parameter.in === 'path')
    expect([name, described.map((parameter) => parameter.name).sort()]).toEqual([name, inPath.sort()])
    expect([name, described.every(({ required }) => required)]).toEqual([name, true])
    const good = operation.responses[String(routeOf(path, method)?.status ?? 200)]
    expect([name, Object.values(good?.content ?? {})[0]?.schema]).toEqual([name, expect.any(Object)])
  }
})

test('each operation names what it takes, who may call it and how it refuses', () => {
  for (const { path, method, operation } of operations()) {
    const name = `${method} ${path}`
    const route = routeOf(path, method)
    const errors = Object.keys(operation.responses).filter((status) => status >= '400')
    expect([name, errors]).toEqual([name, expect.arrayContaining(['400', '429', '500', '503'])])
    if (route?.auth !== 'public') expect([name, errors]).toEqual([name, expect.arrayContaining(['401'])])
    if (typeof route?.auth === 'object') expect([name, errors]).toEqual([name, expect.arrayContaining(['403'])])
    if (route?.body || route?.upload)
      expect([name, Object.values(operation.requestBody?.content ?? {})[0]?.schema]).toEqual([name, expect.any(Object)])
    expect([name, operation.security.length]).toEqual([name, route?.auth === 'public' ? 0 : 1])
  }
})

test('every reference in it leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '')
  for (const reference of new Set(references)) {
    if (!reference.startsWith('#/')) continue
    const found = reference
      .slice(2)
      .split('/')
      .reduce<unknown>(
        (node, step) => (node as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
        document,
      )
    expect([reference, found === undefined]).toEqual([reference, false])
  }
})

test('realtime events and commands are described too', () => {
  const events = document['x-events']
  expect(Object.keys(events.staff.events).sort()).toEqual(Object.keys(staffEventSchemas).sort())
  expect(Object.keys(events.staff.commands).sort()).toEqual(Object.keys(staffCommandSchemas).sort())
  expect(Object.keys(events.customer.events).sort()).toEqual(Object.keys(customerEventSchemas).sort())
})
