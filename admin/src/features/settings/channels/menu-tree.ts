/** An official account's menu as a form holds it. Fields the form does not know are carried along untouched. Pure. */
import type { MenuButton } from '../../../api/channels.ts'

export const MENU_TYPES = ['click', 'view', 'miniprogram', 'scancode_push', 'pic_sysphoto', 'location_select'] as const

export interface MenuNode {
  name: string
  type: string
  key: string
  url: string
  appid: string
  pagepath: string
  children: MenuNode[]
  rest: Record<string, unknown>
}
export interface MenuProblem {
  code: 'name_missing' | 'name_long' | 'too_many' | 'too_many_children' | 'value_missing' | 'url_invalid'
  name: string
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

export const menuNode = (button: MenuButton): MenuNode => {
  const { name, type, key, url, appid, pagepath, sub_button: children, ...rest } = button
  return {
    name: text(name),
    type: text(type) || 'click',
    key: text(key),
    url: text(url),
    appid: text(appid),
    pagepath: text(pagepath),
    children: Array.isArray(children) ? children.filter(isRecord).map(menuNode) : [],
    rest,
  }
}
export const emptyNode = (): MenuNode => menuNode({ type: 'click' })

const FIELDS: Record<string, readonly ('key' | 'url' | 'appid' | 'pagepath')[]> = {
  view: ['url'],
  miniprogram: ['url', 'appid', 'pagepath'],
}
export const fieldsOf = (node: MenuNode): readonly ('key' | 'url' | 'appid' | 'pagepath')[] => FIELDS[node.type] ?? ['key']

export const menuButton = (node: MenuNode): MenuButton => {
  if (node.children.length > 0) return { ...node.rest, name: node.name.trim(), sub_button: node.children.map(menuButton) }
  const values = Object.fromEntries(fieldsOf(node).map((field) => [field, node[field].trim()]))
  return { ...node.rest, type: node.type, name: node.name.trim(), ...values }
}

/** WeChat counts bytes: 16 for a first-level name, 60 for an entry below. */
const NAME_BYTES = { top: 16, child: 60 } as const
const bytesOf = (value: string): number => new TextEncoder().encode(value).length

const nodeProblems = (node: MenuNode, level: keyof typeof NAME_BYTES): MenuProblem[] => {
  const name = node.name.trim()
  if (name === '') return [{ code: 'name_missing', name }]
  const problems: MenuProblem[] = bytesOf(name) > NAME_BYTES[level] ? [{ code: 'name_long', name }] : []
  if (node.children.length > 5) problems.push({ code: 'too_many_children', name })
  if (node.children.length > 0) return [...problems, ...node.children.flatMap((child) => nodeProblems(child, 'child'))]
  if (fieldsOf(node).some((field) => node[field].trim() === '')) return [...problems, { code: 'value_missing', name }]
  if (fieldsOf(node).includes('url') && !/^https?:\/\/\S+$/i.test(node.url.trim())) problems.push({ code: 'url_invalid', name })
  return problems
}

export const menuProblems = (nodes: readonly MenuNode[]): MenuProblem[] => [
  ...(nodes.length > 3 ? [{ code: 'too_many' as const, name: '' }] : []),
  ...nodes.flatMap((node) => nodeProblems(node, 'top')),
]

/** @throws SyntaxError with what is wrong, for whoever edits the JSON by hand */
export const nodesOfJson = (json: string): MenuNode[] => {
  const parsed: unknown = JSON.parse(json)
  const buttons = isRecord(parsed) ? (parsed['buttons'] ?? parsed['button']) : parsed
  if (!Array.isArray(buttons) || !buttons.every(isRecord)) throw new SyntaxError('[{ "name": …, "type": … }]')
  return buttons.map(menuNode)
}
