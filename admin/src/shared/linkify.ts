/** Text cut into plain pieces and web addresses, so that links are built as elements and never as markup. */
export interface TextPiece {
  text: string
  /** Set for http(s) addresses alone; nothing else becomes clickable. */
  href?: string
}

const ADDRESS = /https?:\/\/[^\s<>"'，。；：！？、（）【】《》「」]+/gi
/** Punctuation that ends a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}'"]+$/

export const linkified = (text: string): TextPiece[] => {
  const pieces: TextPiece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '')
    if (!URL.canParse(address)) continue
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) })
    pieces.push({ text: address, href: address })
    end = match.index + address.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}
