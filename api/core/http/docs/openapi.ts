/** The API described by its own schemas: OpenAPI 3.1 from the route table, realtime events under `x-events`. */
import type { Server } from '@hapi/hapi'
import { z } from 'zod'
import { errorSchema, type ErrorCode } from '../../contract/errors.ts'
import { customerCommandSchemas, customerEventSchemas, staffCommandSchemas, staffEventSchemas } from '../../contract/realtime.ts'
import type { App } from '../app.ts'
import type { Route } from './route.ts'

type Json = Record<string, unknown>

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' })
  return rest
}
const content = (schema: Json) => ({ 'application/json': { schema } })

const COMMON: readonly ErrorCode[] = ['invalid_request', 'rate_limited', 'unavailable', 'internal']
const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  invalid_credentials: 401,
  identity_invalid: 401,
  forbidden: 403,
  account_disabled: 403,
  identity_required: 403,
  origin_not_allowed: 403,
  not_found: 404,
  rate_limited: 429,
  account_locked: 429,
  payload_too_large: 413,
  unavailable: 503,
  internal: 500,
  platform_unreachable: 503,
  invalid_request: 400,
  malformed_json: 400,
  channel_config_invalid: 400,
  channel_kind_unknown: 400,
  part_not_supported: 400,
  attachment_not_ready: 400,
  file_type_refused: 400,
  file_empty: 400,
  file_name_refused: 400,
  image_too_large: 400,
}

function errorResponses(route: Route): Json {
  const codes: ErrorCode[] = [...COMMON, ...(route.errors ?? [])]
  if (route.auth !== 'public') codes.push('unauthenticated', 'not_found')
  if (typeof route.auth === 'object') codes.push('forbidden')
  const grouped = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const status = STATUS_OF[code] ?? 409
    grouped.set(status, [...(grouped.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...grouped]
      .sort(([a], [b]) => a - b)
      .map(([status, list]) => [
        String(status),
        {
          description: [...new Set(list)].join(', '),
          content: content({
            allOf: [
              { $ref: '#/components/schemas/Error' },
              { properties: { error: { properties: { code: { enum: [...new Set(list)] } } } } },
            ],
          }),
        },
      ]),
  )
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return []
  const { properties, required } = z
    .object({ properties: z.record(z.string(), z.unknown()).default({}), required: z.array(z.string()).default([]) })
    .parse(jsonSchema(schema, 'input'))
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }))
}

function requestBody(route: Route): Json {
  if (route.upload) {
    const file = {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'string', format: 'binary' } },
      additionalProperties: false,
    }
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema: file } } } }
  }
  return route.body ? { requestBody: { required: true, content: content(jsonSchema(route.body, 'input')) } } : {}
}

const SECURITY = { public: [], customer: [{ customerToken: [] }], staff: [{ session: [] }] }

function operation(route: Route): Json {
  const binary = { description: 'the bytes', content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } }
  return {
    summary: route.summary,
    tags: [route.tag],
    operationId: `${route.method.toLowerCase()}${route.path
      .replace('/api/v1', '')
      .replace(/[{}]/g, '')
      .replace(/[/-](\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    security: SECURITY[typeof route.auth === 'object' ? 'staff' : route.auth],
    ...(typeof route.auth === 'object' ? { 'x-permission': route.auth.permission } : {}),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...requestBody(route),
    responses: {
      [String(route.status ?? 200)]:
        route.response === 'binary' ? binary : { description: 'done', content: content(jsonSchema(route.response, 'output')) },
      ...errorResponses(route),
    },
  }
}

const schemasOf = (schemas: Record<string, z.ZodType>) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema, 'output')]))

export function buildOpenApi(publicUrl: string, routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lianke 连客',
      version: '1',
      description: 'Every answer is `{data}` or `{error: {code, message, context}}`. Lists are paged by `nextCursor`.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'lianke_session' },
        customerToken: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Error: jsonSchema(errorSchema, 'output') },
    },
    'x-events': {
      description:
        'socket.io on the same port, path /socket.io; open with auth {ticket}. Each event is emitted under its name; each command is answered {ok: true} or {error: {code}}.',
      staff: {
        namespace: '/',
        ticket: '/api/v1/realtime/tickets',
        events: schemasOf(staffEventSchemas),
        commands: schemasOf(staffCommandSchemas),
      },
      customer: {
        namespace: '/customer',
        ticket: '/api/v1/web/realtime-tickets',
        events: schemasOf(customerEventSchemas),
        commands: schemasOf(customerCommandSchemas),
      },
    },
  }
}

export function registerOpenApi(server: Server, app: App, routes: readonly Route[]): void {
  let built: string | undefined
  server.route({
    method: 'GET',
    path: '/api/v1/openapi.json',
    options: { auth: false },
    handler: (_request, h) =>
      h
        .response((built ??= JSON.stringify(buildOpenApi(app.config.publicUrl, routes))))
        .type('application/json')
        .header('cache-control', 'no-cache'),
  })
}
