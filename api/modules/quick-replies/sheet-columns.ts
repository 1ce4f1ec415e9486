/** How quick replies stand in a spreadsheet: the same headings out and in, so that what was exported can be changed and imported. */
import type { QuickReplyColumn } from '../../contract/quick-reply.ts'
import type { Locale } from '../../contract/identity.ts'
import type { HeadingColumn } from '../../core/spreadsheets/heading.ts'

const TITLES: Record<QuickReplyColumn, Record<Locale, string>> = {
  category: { 'zh-CN': '分类', en: 'Category' },
  code: { 'zh-CN': '快捷编码', en: 'Short code' },
  title: { 'zh-CN': '标题', en: 'Title' },
  text: { 'zh-CN': '内容', en: 'Text' },
  linkTitle: { 'zh-CN': '链接标题', en: 'Link title' },
  linkUrl: { 'zh-CN': '链接地址', en: 'Link address' },
  variables: { 'zh-CN': '自定义变量', en: 'Variables' },
  state: { 'zh-CN': '状态', en: 'State' },
}
const ALSO: Partial<Record<QuickReplyColumn, readonly string[]>> = {
  category: ['所属分类', '目录', '分组'],
  code: ['编码', '短码', '快捷码', '快捷键', 'code'],
  title: ['名称', '话术标题', 'name'],
  text: ['正文', '回复内容', '话术', '话术内容', 'content'],
  linkUrl: ['链接', 'link', 'url'],
  variables: ['变量', 'variable'],
  state: ['启用状态', 'status'],
}

export const titleOf = (column: QuickReplyColumn, locale: Locale): string => TITLES[column][locale]
export const headingColumn = (key: QuickReplyColumn): HeadingColumn<QuickReplyColumn> => ({
  key,
  titles: [...Object.values(TITLES[key]), key, ...(ALSO[key] ?? [])],
})

export const STATE_WORDS = { active: { 'zh-CN': '启用', en: 'Active' }, disabled: { 'zh-CN': '停用', en: 'Disabled' } } as const
const DISABLED: ReadonlySet<string> = new Set(['停用', '禁用', '否', 'disabled', 'off', 'no'])
const ACTIVE: ReadonlySet<string> = new Set(['', '启用', '正常', '是', 'active', 'on', 'yes'])
/** @returns null for a word that is neither */
export function readState(cell: string): { disabled: boolean } | null {
  const word = cell.toLowerCase()
  if (DISABLED.has(word)) return { disabled: true }
  return ACTIVE.has(word) ? { disabled: false } : null
}

/** Names of a path, from the root: `售后 / 退款`. */
export const readPath = (cell: string): string[] =>
  cell
    .split(/[/／>]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
export const writePath = (names: readonly string[]): string => names.join(' / ')
