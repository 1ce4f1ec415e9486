/** Text as it is compared: full-width like half-width, capitals like small letters. The place in the original is kept, for highlighting. */
export interface Folded {
  text: string
  /** For each unit of `text` and one more for its end, where it comes from. */
  origin: number[]
}

const LAST_ASCII = 0x7f
const FIRST_HAN = 0x4e00
const LAST_HAN = 0x9fff

/** What most messages are made of needs no tables of Unicode. */
function plainOf(character: string): string {
  const code = character.charCodeAt(0)
  if (code >= FIRST_HAN && code <= LAST_HAN) return character
  return (code <= LAST_ASCII ? character : character.normalize('NFKC')).toLowerCase()
}

/** Character by character, so that both sides of a comparison come out alike wherever they are cut. */
export function fold(original: string): Folded {
  const origin: number[] = []
  let text = ''
  let place = 0
  for (const character of original) {
    const plain = plainOf(character)
    for (let unit = 0; unit < plain.length; unit++) origin.push(place)
    text += plain
    place += character.length
  }
  origin.push(place)
  return { text, origin }
}
