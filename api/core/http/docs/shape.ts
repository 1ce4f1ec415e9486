/** JSON Schema as people read it: one line per field, in the notation of TypeScript, names linked to their own section. */
import { z } from 'zod'
import { html, type Html } from './html.ts'
import type { Json } from './schemas.ts'

const json: z.ZodType<Json> = z.record(z.string(), z.unknown())
const schemaFields = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(json).optional(),
  oneOf: z.array(json).optional(),
  allOf: z.array(json).optional(),
  properties: z.record(z.string(), json).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.union([z.boolean(), json]).optional(),
  /** `false`: a tuple ends with its `prefixItems`. */
  items: z.union([z.boolean(), json]).optional(),
  prefixItems: z.array(json).optional(),
  format: z.string().optional(),
  default: z.unknown().optional(),
})
type Fields = z.infer<typeof schemaFields>

const LIMITS: readonly (readonly [keyword: string, sign: string])[] = [
  ['minimum', '≥ '],
  ['exclusiveMinimum', '> '],
  ['maximum', '≤ '],
  ['minLength', 'length ≥ '],
  ['maxLength', 'length ≤ '],
  ['minItems', 'items ≥ '],
  ['maxItems', 'items ≤ '],
]

/** @param indent spaces before the lines after the first */
export function shapeOf(schema: Json, indent = ''): Html {
  const fields = schemaFields.parse(schema)
  if (fields.$ref !== undefined) {
    const name = fields.$ref.split('/').at(-1) ?? ''
    return html`<a href="#${name}">${name}</a>`
  }
  if (fields.const !== undefined) return html`${JSON.stringify(fields.const)}`
  if (fields.enum) return html`${fields.enum.map((value) => JSON.stringify(value)).join(' | ')}`
  const choices = fields.anyOf ?? fields.oneOf
  if (choices) return joined(choices, ' | ', indent)
  if (fields.allOf) return joined(fields.allOf, ' & ', indent)
  if (fields.type === 'array') return listOf(fields, indent)
  if (fields.type === 'object') return objectOf(fields, indent)
  return html`${fields.format ?? [fields.type ?? 'any'].flat().join(' | ')}`
}

function joined(schemas: readonly Json[], sign: string, indent: string): Html {
  // Big alternatives stand one below the other.
  const separator = schemas.length > 3 ? html`<br />${indent}${sign.trimStart()}` : html`${sign}`
  return html`${schemas.map((schema, index) => (index === 0 ? shapeOf(schema, indent) : html`${separator}${shapeOf(schema, indent)}`))}`
}

function listOf({ items, prefixItems }: Fields, indent: string): Html {
  if (prefixItems) return html`[${prefixItems.map((item, index) => html`${index === 0 ? '' : ', '}${shapeOf(item, indent)}`)}]`
  return typeof items === 'object' ? html`Array&lt;${shapeOf(items, indent)}&gt;` : html`Array`
}

function objectOf({ properties, required, additionalProperties }: Fields, indent: string): Html {
  const entries = Object.entries(properties ?? {})
  if (entries.length === 0) {
    const value = typeof additionalProperties === 'object' ? shapeOf(additionalProperties, indent) : html`any`
    return additionalProperties === false ? html`{}` : html`Record&lt;string, ${value}&gt;`
  }
  const inner = `${indent}  `
  const lines = entries.map(([name, property]) => {
    const optional = required?.includes(name) ? '' : '?'
    return html`<br />${inner}<b>${name}</b>${optional}: ${shapeOf(property, inner)}${remarkOn(property)}`
  })
  return html`{${lines}<br />${indent}}`
}

/** Limits and default, as a comment behind the type. */
export function remarkOn(schema: Json): Html | null {
  const remarks = LIMITS.flatMap(([keyword, sign]) => {
    const limit = schema[keyword]
    return typeof limit === 'number' ? [sign + String(limit)] : []
  })
  if (schema.default !== undefined) remarks.push(`default ${JSON.stringify(schema.default)}`)
  return remarks.length === 0 ? null : html` <i>${remarks.join(', ')}</i>`
}
