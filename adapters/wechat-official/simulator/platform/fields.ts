/** Reading request bodies that nobody has checked. */
import { refuse } from './errors.ts'

export type Fields = Record<string, unknown>

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

/** @throws PlatformRefusal 44002 without a body, 47001 unless it is a JSON object */
export const parseFields = (body: Buffer): Fields => {
  if (body.length === 0) refuse(44002)
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (isFields(value)) return value
  } catch {
    // answered below, like every other body that is not an object
  }
  return refuse(47001)
}
