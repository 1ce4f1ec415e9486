/** One route, described: what the OpenAPI document and the readable page are both made of. */
import { z } from 'zod'
import type { ErrorCode } from '../../../contract/errors.ts'
import { statusOf } from '../failures.ts'
import type { Route } from '../route.ts'
import { type Components, type Json, toJsonSchema } from './schemas.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: Json
}

export interface Operation {
  id: string
  method: Route['method']
  path: string
  summary: string
  tag: string
  auth: 'public' | 'customer' | 'staff'
  permission: string | null
  parameters: Parameter[]
  /** null: takes no body. `file`: multipart with one field `file`. */
  body: { file: true } | { file: false; schema: Json; example: unknown } | null
  status: number
  /** null: bytes. */
  answer: Json | null
  /** Status → codes, ascending. */
  errors: Map<number, ErrorCode[]>
}

export function describeOperation(route: Route, components: Components): Operation {
  return {
    id: idOf(route),
    method: route.method,
    path: route.path,
    summary: route.summary,
    tag: route.tag,
    auth: typeof route.auth === 'object' ? 'staff' : route.auth,
    permission: typeof route.auth === 'object' ? route.auth.permission : null,
    parameters: [...parametersOf(route.params, 'path', components), ...parametersOf(route.query, 'query', components)],
    body: bodyOf(route, components),
    status: route.status ?? 200,
    answer: route.response === 'binary' ? null : toJsonSchema(route.response, 'output', components),
    errors: errorsOf(route),
  }
}

/** `POST /api/v1/conversations/{id}/messages` → `postConversationsIdMessages`. */
function idOf({ method, path }: Route): string {
  const words = path.replace('/api/v1', '').replace(/[{}]/g, '')
  return method.toLowerCase() + words.replace(/[/-](\w)/g, (_all, letter: string) => letter.toUpperCase())
}

const objectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
})

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query', components: Components): Parameter[] {
  if (!schema) return []
  const { properties, required } = objectSchema.parse(toJsonSchema(schema, 'input', components))
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }))
}

function bodyOf(route: Route, components: Components): Operation['body'] {
  if (route.upload) return { file: true }
  return route.body ? { file: false, schema: toJsonSchema(route.body, 'input', components), example: route.example } : null
}

function errorsOf(route: Route): Map<number, ErrorCode[]> {
  const codes = new Set<ErrorCode>(['invalid_request', 'rate_limited', 'unavailable', 'internal', ...(route.errors ?? [])])
  if (route.body) codes.add('malformed_json').add('unsupported_media_type')
  if (route.body || route.upload) codes.add('payload_too_large')
  if (route.upload) codes.add('unsupported_media_type')
  if (route.params) codes.add('not_found')
  if (route.auth !== 'public') codes.add('unauthenticated')
  if (typeof route.auth === 'object') codes.add('forbidden')
  if (route.method !== 'GET' && route.auth !== 'customer') codes.add('origin_not_allowed')
  const grouped = new Map<number, ErrorCode[]>()
  for (const code of codes) grouped.set(statusOf(code), [...(grouped.get(statusOf(code)) ?? []), code])
  return new Map([...grouped].sort(([a], [b]) => a - b))
}
