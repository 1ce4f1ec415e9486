const SVG = 'http://www.w3.org/2000/svg'
const QUIET_MODULES = 4

/** A code as a picture that stays sharp at any size; its chunk comes when the first one is drawn. */
export async function qrPicture(text: string, label: string): Promise<SVGSVGElement> {
  const { encode } = await import('uqr')
  const { size, data } = encode(text, { ecc: 'M', border: QUIET_MODULES })
  const svg = document.createElementNS(SVG, 'svg')
  const attributes = { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label, class: 'qr', 'shape-rendering': 'crispEdges' }
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value)
  const ground = document.createElementNS(SVG, 'rect')
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: '#fff' })) ground.setAttribute(name, value)
  const ink = document.createElementNS(SVG, 'path')
  ink.setAttribute('d', data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''))
  svg.append(ground, ink)
  return svg
}
