/**
 * A cell that starts like a formula is one, for whoever opens the file: a customer's name can read somebody's disk. The start counts also
 * after spaces (full-width ones too) and in its full-width forms, which Excel treats alike.
 */
const FORMULA = /^[\s\u3000\u00a0\ufeff]*[=+\-@＝＋－＠]|^[\t\r]/
const GUARDED = /^'+(?:[\s\u3000\u00a0\ufeff]*[=+\-@＝＋－＠]|[\t\r])/

export const startsFormula = (text: string): boolean => FORMULA.test(text)

/** For CSV, which has no types: an apostrophe in front makes it text. One that already looks guarded gets another, so that reading is exact. */
export const toGuardedText = (text: string): string => (FORMULA.test(text) || GUARDED.test(text) ? `'${text}` : text)

/** The reverse: what was guarded by us, or by a careful person, is what it was. */
export const fromGuardedText = (text: string): string => (GUARDED.test(text) ? text.slice(1) : text)
