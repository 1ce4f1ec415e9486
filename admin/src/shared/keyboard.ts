/** Keys pressed while writing belong to the text. */
export const isTyping = (event: KeyboardEvent): boolean => {
  const { target } = event
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}
