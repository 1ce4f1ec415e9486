/** The company's colour, with words on it that stay readable: one of black and white always reaches 4.5 : 1 on any colour. */
export function applyAccent(colour: string | null, root: HTMLElement = document.documentElement): void {
  if (!colour || !/^#[0-9a-f]{6}$/i.test(colour)) return
  root.style.setProperty('--accent', colour)
  root.style.setProperty('--on-accent', readableOn(colour))
}

/** Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export function readableOn(colour: string): '#000' | '#fff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255))
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return 1.05 / (luminance + 0.05) >= 4.5 ? '#fff' : '#000'
}

const linear = (share: number) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
