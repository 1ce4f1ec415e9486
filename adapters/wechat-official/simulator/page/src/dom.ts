/** Building elements without a framework. Text is always text: nothing here reads HTML. */

type Child = Node | string | null | undefined | false
type Plain = string | number | boolean | null | undefined
interface Attributes {
  class?: string
  testId?: string
  on?: { click: () => void }
  /** Plain attributes; false, null and undefined leave one out. */
  [name: string]: Plain | { click: () => void }
}

export const h = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { class: className, testId, on, ...plain }: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (testId) element.dataset['testid'] = testId
  if (on) element.addEventListener('click', on.click)
  for (const [name, value] of Object.entries(plain)) {
    if (value === true) element.setAttribute(name, '')
    else if (typeof value === 'string' || typeof value === 'number') element.setAttribute(name, String(value))
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false))
  return element
}

export const button = (label: string, testId: string, onClick: () => void, className = 'button'): HTMLButtonElement =>
  h('button', { type: 'button', class: className, testId, on: { click: onClick } }, label)

export const select = (options: readonly (readonly [value: string, label: string])[], testId: string, label: string): HTMLSelectElement =>
  h('select', { testId, 'aria-label': label }, ...options.map(([value, text]) => h('option', { value }, text)))

/** Calls back when focus or Escape leaves what is open inside `area`. */
export const onLeave = (area: HTMLElement, close: () => void) => {
  area.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && area.contains(relatedTarget))) close()
  })
  area.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close()
  })
}

/** Line drawings of 24 × 24, drawn with the text's colour. */
export const icon = (path: string): SVGSVGElement => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

export const ICONS = {
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10',
  menu: 'M4 7h16M4 12h16M4 17h16',
  plus: 'M12 5v14M5 12h14',
  face: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M9 10h.01M15 10h.01M8.5 14.5c2 2 5 2 7 0',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01',
  voice: 'M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3',
  video: 'M4 6h11v12H4zM15 10l5-3v10l-5-3',
  place: 'M12 21s7-6.5 7-11a7 7 0 1 0-14 0c0 4.500 7 11 7 11zM12 12.500a2.500 2.500 0 1 0 0-5a2.500 2.500 0 0 0 0 5',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4M12 11v6M9 14l3-3 3 3',
  waves: 'M7 10.5c1 1 1 2 0 3M10.5 8c2.5 2.500 2.500 5.500 0 8M14 5.500c4 4 4 9 0 13',
  screenshot: 'M7 3h10v18H7zM10 7h4M10 11h4M10 15h2',
} as const
