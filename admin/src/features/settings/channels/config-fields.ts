/** The settings form of a channel, read from the JSON Schema its adapter publishes. Pure and tolerant: an unknown shape becomes a text field. */
import type { Locale } from '#api/contract/identity.ts'

export interface ConfigField {
  name: string
  title: Record<Locale, string>
  hint: Record<Locale, string>
  input: 'text' | 'secret' | 'switch' | 'number' | 'select' | 'lines' | 'json'
  required: boolean
  options: { value: string; title: Record<Locale, string> }[]
  initial: unknown
  maxLength: number | undefined
}

type Schema = Record<string, unknown>
const isRecord = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A title may be a text, or one text per language, under `title` or `x-title`. */
const bothLanguages = (value: unknown, fallback: string): Record<Locale, string> => {
  if (!isRecord(value)) return { 'zh-CN': textOf(value) || fallback, en: textOf(value) || fallback }
  const zh = textOf(value['zh-CN']) || textOf(value['en']) || fallback
  return { 'zh-CN': zh, en: textOf(value['en']) || zh }
}
const firstOf = (schema: Schema, ...keys: string[]): unknown => keys.map((key) => schema[key]).find((value) => value !== undefined)

/** `anyOf: [{type: 'string'}, {type: 'null'}]` is how an optional text is written. */
const meant = (schema: Schema): Schema => {
  const variants: unknown[] | undefined = [schema['anyOf'], schema['oneOf']].find((value) => Array.isArray(value))
  if (variants === undefined) return schema
  const constants = variants.flatMap((variant: unknown) => (isRecord(variant) && 'const' in variant ? [variant['const']] : []))
  if (constants.length > 0) return { ...schema, enum: constants }
  const real = variants.find((variant: unknown) => isRecord(variant) && variant['type'] !== 'null')
  return isRecord(real) ? { ...real, ...schema } : schema
}

const inputOf = (schema: Schema): ConfigField['input'] => {
  if (schema['writeOnly'] === true) return 'secret'
  if (Array.isArray(schema['enum'])) return 'select'
  const { type } = schema
  if (type === 'boolean') return 'switch'
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'array') return isRecord(schema['items']) && schema['items']['type'] === 'string' ? 'lines' : 'json'
  return type === 'object' ? 'json' : 'text'
}

const optionsOf = (schema: Schema): ConfigField['options'] => {
  const values = Array.isArray(schema['enum']) ? schema['enum'] : []
  const titles = isRecord(schema['x-enum-titles']) ? schema['x-enum-titles'] : {}
  return values.flatMap((value: unknown) => (typeof value === 'string' ? [{ value, title: bothLanguages(titles[value], value) }] : []))
}

export const configFields = (configSchema: Record<string, unknown>): ConfigField[] => {
  const properties = isRecord(configSchema['properties']) ? configSchema['properties'] : {}
  const required = Array.isArray(configSchema['required']) ? configSchema['required'] : []
  return Object.entries(properties).flatMap(([name, raw]) => {
    if (!isRecord(raw)) return []
    const schema = meant(raw)
    const initial = schema['default']
    return [
      {
        name,
        title: bothLanguages(firstOf(schema, 'x-title', 'title'), name),
        hint: bothLanguages(firstOf(schema, 'x-hint', 'x-description', 'description'), ''),
        input: inputOf(schema),
        required: required.includes(name) && initial === undefined,
        options: optionsOf(schema),
        initial,
        maxLength: typeof schema['maxLength'] === 'number' ? schema['maxLength'] : undefined,
      },
    ]
  })
}

/** What the inputs hold: text for every kind but switches. */
export type FormValues = Record<string, string | boolean>

const shown = ({ input }: ConfigField, value: unknown): string | boolean => {
  if (input === 'switch') return value === true
  if (input === 'secret' || value === undefined || value === null) return ''
  if (input === 'lines') return Array.isArray(value) ? value.join('\n') : ''
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return JSON.stringify(value, null, 2)
}

export const formValues = (fields: readonly ConfigField[], config: Record<string, unknown>): FormValues =>
  Object.fromEntries(fields.map((field) => [field.name, shown(field, config[field.name] ?? field.initial)]))

export type FieldProblem = 'required' | 'json'
export interface ReadForm {
  config: Record<string, unknown>
  problems: Record<string, FieldProblem>
}

const parsedJson = (text: string): { value: unknown } | null => {
  try {
    return { value: JSON.parse<unknown>(text) }
  } catch {
    return null
  }
}

/** A secret that is set needs no second entry. */
export const mustFill = (field: ConfigField, secretsSet: readonly string[]): boolean =>
  field.required && !(field.input === 'secret' && secretsSet.includes(field.name))

/** The settings to send. Empty optional fields and untouched secrets are left out: an absent secret stays as it is. */
export const readForm = (fields: readonly ConfigField[], values: FormValues, secretsSet: readonly string[]): ReadForm => {
  const read: ReadForm = { config: {}, problems: {} }
  for (const field of fields) {
    const value = values[field.name]
    const text = typeof value === 'string' ? value.trim() : ''
    if (field.input === 'switch') read.config[field.name] = value === true
    else if (text === '') {
      if (mustFill(field, secretsSet)) read.problems[field.name] = 'required'
    } else if (field.input === 'number') read.config[field.name] = Number(text)
    else if (field.input === 'lines')
      read.config[field.name] = text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    else if (field.input === 'json') {
      const json = parsedJson(text)
      if (json === null) read.problems[field.name] = 'json'
      else read.config[field.name] = json.value
    } else read.config[field.name] = text
  }
  return read
}
