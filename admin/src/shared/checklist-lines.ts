const LINE_LENGTH = 200
/** What the API takes at once. */
export const MAX_LINES = 20

/** Several lines are several items. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().slice(0, LINE_LENGTH))
    .filter((line) => line !== '')
    .slice(0, MAX_LINES)
