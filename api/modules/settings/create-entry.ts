import { UniqueViolationError } from 'objection'
import type { z } from 'zod'
import { type Dictionary, type dictionaryEntryCreate, FIELD_DICTIONARIES } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { factsOf, lockDictionary, aboutEntry } from './dictionary-for.ts'
import { checkEntry } from './entries.ts'
import { DictionaryEntryRow } from './model.ts'

/** More of one kind is data, not a dictionary. */
const MOST = 1000

/**
 * Adds an entry at the end of its list (MOD-08).
 * @throws Conflict `code_taken`, `entry_built_in` for the fixed priorities; Invalid `entry_unknown` for a wrong parent
 */
export async function createEntry(
  ctx: Ctx,
  dictionary: Dictionary,
  input: z.infer<typeof dictionaryEntryCreate>,
): Promise<DictionaryEntryRow> {
  if (dictionary === 'priority') throw new Conflict('entry_built_in', 'the four priorities are fixed', { dictionary })
  await lockDictionary(ctx, dictionary)
  const parentId = await checkParent(ctx, dictionary, input.parentId ?? null)
  const position = await nextPosition(ctx, dictionary, parentId)
  try {
    const entry = await DictionaryEntryRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      dictionary,
      code: input.code,
      parent_id: parentId,
      label_zh: input.labelZh,
      label_en: input.labelEn,
      color: input.color ?? null,
      options: checkField(dictionary, input.field) ?? {},
      position,
    })
    await record(ctx, { action: 'dictionary.entry_created', ...aboutEntry(entry), after: factsOf(entry) })
    return entry
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('code_taken', 'another entry has this code', { code: input.code })
    throw error
  }
}

/** Custom fields say what they ask for; nothing else does. */
export function checkField<T>(dictionary: Dictionary, field: T | undefined): T | undefined {
  const needed = FIELD_DICTIONARIES.some((name) => name === dictionary)
  if (needed === (field !== undefined)) return field
  throw new Invalid('invalid_request', needed ? 'a custom field needs `field`' : 'only custom fields have `field`', { dictionary })
}

async function checkParent(ctx: Ctx, dictionary: Dictionary, parentId: string | null): Promise<string | null> {
  if (dictionary === 'issue_type') {
    if (parentId === null) throw new Invalid('invalid_request', 'an issue type belongs to a business type', { parameter: 'parentId' })
    await checkEntry(ctx, 'business_type', parentId)
  } else if (dictionary === 'region' && parentId !== null) {
    const parent = await checkEntry(ctx, 'region', parentId)
    if (parent.parent_id) throw new Invalid('invalid_request', 'regions have two levels', { parameter: 'parentId' })
  } else if (parentId !== null) throw new Invalid('invalid_request', 'this list has one level', { parameter: 'parentId' })
  return parentId
}

async function nextPosition(ctx: Ctx, dictionary: Dictionary, parentId: string | null): Promise<number> {
  const siblings = await DictionaryEntryRow.query(ctx.trx).where({ dictionary }).where({ parent_id: parentId }).select('position')
  if (siblings.length >= MOST) throw new Invalid('invalid_request', `a list holds ${MOST} entries at most`, { most: MOST })
  return Math.max(0, ...siblings.map(({ position }) => position)) + 1
}
