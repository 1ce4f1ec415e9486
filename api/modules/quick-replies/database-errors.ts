/** What the database refused, by the constraint that did. */
import { UniqueViolationError } from 'objection'
import { Conflict } from '../../core/errors.ts'

/** Runs the write; a name or a code that is there already becomes the error that says so. */
export async function onceOnly<T>(write: () => PromiseLike<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof UniqueViolationError && error.constraint === 'quick_replies_code')
      throw new Conflict('code_taken', 'another reply of this scope has the code')
    if (error instanceof UniqueViolationError && error.constraint === 'quick_reply_categories_name')
      throw new Conflict('name_taken', 'a category beside it has the name')
    throw error
  }
}
