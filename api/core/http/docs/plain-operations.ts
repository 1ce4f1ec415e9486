/** What the server answers beside the declared routes: probes of operators, this document, and the addresses that platforms call. */
import type { Json } from './schemas.ts'

const TEXT = { 'text/plain': { schema: { type: 'string' } } }
const json = (properties: Json) => ({
  'application/json': {
    schema: { type: 'object', required: ['data'], properties: { data: { type: 'object', properties, required: Object.keys(properties) } } },
  },
})
const PART = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' }, error: { type: 'string' } } }
const READY = {
  ready: { type: 'boolean' },
  roles: { type: 'array', items: { enum: ['api', 'bot', 'jobs'] } },
  parts: { type: 'object', required: ['database', 'redis', 'storage'], properties: { database: PART, redis: PART, storage: PART } },
}

const operation = (operationId: string, tag: string, summary: string, responses: Json, more: Json = {}): Json => ({
  operationId,
  summary,
  tags: [tag],
  security: [],
  parameters: [],
  responses,
  ...more,
})

const inPath = (name: string, schema: Json) => ({ name, in: 'path', required: true, schema })
const ACCOUNT = [inPath('kind', { type: 'string' }), inPath('accountId', { type: 'string', format: 'uuid' })]
const REFUSED = {
  '403': { description: 'not signed, or wrongly: the body is empty whatever the fault was' },
  '404': { description: 'no such account, or switched off' },
}
const ACKNOWLEDGED = { description: 'stored; what the platform wants to read as "got it"', content: TEXT }
const TOO_LARGE = { '413': { description: 'more than 1 MB' }, '503': { description: 'could not be stored: deliver it again' } }

export const plainOperations: Record<string, Json> = {
  '/channels/{kind}/{accountId}': {
    get: operation(
      'checkCallbackAddress',
      'callbacks',
      'A platform checks the address',
      { '200': { description: 'the text it asked for', content: TEXT }, ...REFUSED },
      { parameters: ACCOUNT },
    ),
    post: operation(
      'receiveCallback',
      'callbacks',
      'A platform delivers messages and events in its own format',
      { '200': ACKNOWLEDGED, ...REFUSED, ...TOO_LARGE },
      {
        parameters: ACCOUNT,
        requestBody: { required: true, content: { 'text/xml': { schema: { type: 'string' } }, 'application/json': { schema: {} } } },
      },
    ),
  },
  '/healthz': {
    get: operation('isAlive', 'operations', 'The process answers', {
      '200': { description: 'alive', content: json({ alive: { const: true } }) },
    }),
  },
  '/readyz': {
    get: operation('isReady', 'operations', 'Which part is up and which is down', {
      '200': { description: 'all parts are up', content: json(READY) },
      '503': { description: 'a part is down', content: json(READY) },
    }),
  },
  '/metrics': {
    get: operation('readMetrics', 'operations', 'Prometheus metrics', { '200': { description: 'text exposition format', content: TEXT } }),
  },
  '/api/v1/openapi.json': {
    get: operation('describeApi', 'operations', 'This document', {
      '200': { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
    }),
  },
}
