/** Anywhere in the text, the person's `%` and `_` being themselves. */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
