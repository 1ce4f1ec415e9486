/** Text cut into plain pieces and web addresses, so that links are built as elements and never as markup. */
export interface TextPiece {
  text: string
  /** Set for http(s) addresses alone; nothing else becomes clickable. */
  href?: string
}

/** Chinese goes on after an address without a space; inside one it is percent-encoded. */
const ADDRESS = /https?:\/\/[\w\-.~:/?#[\]@!$&()*+,;=%|]+/gi
/** A bracket that was opened outside the address closes outside of it. */
const withoutLooseEnd = (address: string): string => {
  const closing = address.indexOf(')')
  return closing !== -1 && !address.slice(0, closing).includes('(') ? address.slice(0, closing) : address
}
/** Punctuation that ends a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}'"]+$/

export const linkified = (text: string): TextPiece[] => {
  const pieces: TextPiece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutLooseEnd(match[0]).replace(TRAILING, '')
    if (!URL.canParse(address)) continue
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) })
    pieces.push({ text: address, href: address })
    end = match.index + address.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}
