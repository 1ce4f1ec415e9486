/** The API described by its own schemas: OpenAPI 3.1 from the route table, realtime events under `x-events`. */
import { z } from 'zod'
import { errorSchema } from '../../../contract/errors.ts'
import { customerCommandSchemas, customerEventSchemas, staffCommandSchemas, staffEventSchemas } from '../../../contract/realtime.ts'
import type { Route } from '../route.ts'
import { plainOperations } from './plain-operations.ts'
import { describeOperation, type Operation } from './operation.ts'
import { type Components, type Json, toJsonSchema } from './schemas.ts'

export const ABOUT =
  'Every answer is `{data}` or `{error: {code, message, context}}`. Lists are paged by `nextCursor`. Times are ISO 8601 in UTC, ids are UUIDs.'
export const ABOUT_SOCKETS =
  'socket.io on the same port, path `/socket.io`, transport `websocket`. Ask for a ticket, open the namespace with `auth: {ticket}` within 30 seconds. Each event is emitted under its type. Each command is acknowledged `{ok: true}` or `{error: {code}}`. A push is a hint: messages resume by `seq` (`afterSeq`), everything else by `version`; every ten seconds a `beacon` names the newest of each.'

export interface SocketSide {
  namespace: string
  /** Route that gives the ticket. */
  ticket: string
  events: Record<string, Json>
  commands: Record<string, Json>
}

export interface ApiDescription {
  operations: Operation[]
  sockets: { staff: SocketSide; customer: SocketSide }
  components: Components
}

export function describeApi(routes: readonly Route[]): ApiDescription {
  const components: Components = new Map()
  toJsonSchema(z.array(errorSchema), 'output', components)
  const all = (schemas: Record<string, z.ZodType>, io: 'input' | 'output') =>
    Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, toJsonSchema(schema, io, components)]))
  const operations = routes.map((route) => describeOperation(route, components))
  const sockets = {
    staff: {
      namespace: '/',
      ticket: '/api/v1/realtime/tickets',
      events: all(staffEventSchemas, 'output'),
      commands: all(staffCommandSchemas, 'input'),
    },
    customer: {
      namespace: '/customer',
      ticket: '/api/v1/web/realtime-tickets',
      events: all(customerEventSchemas, 'output'),
      commands: all(customerCommandSchemas, 'input'),
    },
  }
  return { operations, sockets, components: new Map([...components].sort(([a], [b]) => a.localeCompare(b))) }
}

const SECURITY = { public: [], customer: [{ customerToken: [] }], staff: [{ session: [] }] }
const jsonContent = (schema: Json, more: Json = {}) => ({ 'application/json': { schema, ...more } })
const FILE = { type: 'string', format: 'binary' }

function requestBody({ body }: Operation): Json {
  if (!body) return {}
  if (body.file) {
    const schema = { type: 'object', required: ['file'], properties: { file: FILE }, additionalProperties: false }
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }
  }
  return { requestBody: { required: true, content: jsonContent(body.schema, body.example === undefined ? {} : { example: body.example }) } }
}

function errorResponses({ errors }: Operation): Json {
  return Object.fromEntries(
    [...errors].map(([status, codes]) => {
      const schema = {
        allOf: [{ $ref: '#/components/schemas/Error' }, { properties: { error: { properties: { code: { enum: codes } } } } }],
      }
      return [String(status), { description: codes.join(', '), content: jsonContent(schema) }]
    }),
  )
}

function toOperationObject(operation: Operation): Json {
  const answer = operation.answer
    ? { description: 'done', content: jsonContent(operation.answer) }
    : { description: 'the bytes', content: { 'application/octet-stream': { schema: FILE } } }
  return {
    summary: operation.summary,
    tags: [operation.tag],
    operationId: operation.id,
    security: SECURITY[operation.auth],
    ...(operation.permission === null ? {} : { 'x-permission': operation.permission }),
    parameters: operation.parameters,
    ...requestBody(operation),
    responses: { [String(operation.status)]: answer, ...errorResponses(operation) },
  }
}

export function toOpenApi(publicUrl: string, { operations, sockets, components }: ApiDescription): Json {
  const paths: Record<string, Json> = {}
  for (const operation of operations)
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: toOperationObject(operation) }
  return {
    openapi: '3.1.0',
    info: { title: 'Lianke 连客', version: '1', description: ABOUT, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: publicUrl }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: { ...paths, ...plainOperations },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'lianke_session' },
        customerToken: { type: 'http', scheme: 'bearer' },
      },
      schemas: Object.fromEntries(components),
    },
    'x-events': { description: ABOUT_SOCKETS, ...sockets },
  }
}
