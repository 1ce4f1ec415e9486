/** Rules of the account's menu: https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html */
import type { MenuButton } from '../state/records.ts'
import { refuse } from './errors.ts'
import { fieldsOf, listOf, textOf } from './fields.ts'

const MAX_TOP = 3
const MAX_SUB = 5
const MAX_NAME_BYTES = { top: 16, sub: 60 }
const MAX_KEY_BYTES = 128
const MAX_URL_BYTES = 1024
/** What each type must bring along. */
const REQUIRED_FIELDS = new Map<string, readonly string[]>([
  ['click', ['key']],
  ['view', ['url']],
  ['miniprogram', ['url', 'appid', 'pagepath']],
  ['scancode_push', ['key']],
  ['scancode_waitmsg', ['key']],
  ['pic_sysphoto', ['key']],
  ['pic_photo_or_album', ['key']],
  ['pic_weixin', ['key']],
  ['location_select', ['key']],
  ['media_id', ['media_id']],
  ['article_id', ['article_id']],
  ['article_view_limited', ['article_id']],
])

const checkLeaf = (button: MenuButton) => {
  const required = REQUIRED_FIELDS.get(textOf(button['type'])) ?? refuse(40017)
  for (const field of required) {
    if (textOf(button[field]) === '') refuse(field === 'url' ? 40020 : 40019)
  }
  if (Buffer.byteLength(textOf(button['key'])) > MAX_KEY_BYTES) refuse(40019)
  if (Buffer.byteLength(textOf(button['url'])) > MAX_URL_BYTES) refuse(40020)
}

const checkName = (button: MenuButton, level: 'top' | 'sub') => {
  const bytes = Buffer.byteLength(textOf(button['name']))
  if (bytes === 0 || bytes > MAX_NAME_BYTES[level]) refuse(40018)
}

export const subButtons = (button: MenuButton) => listOf(button['sub_button']).map(fieldsOf)

/** @throws PlatformRefusal 40016–40020, 40023 */
export const checkMenu = (value: unknown): MenuButton[] => {
  const buttons = listOf(value).map(fieldsOf)
  if (buttons.length === 0 || buttons.length > MAX_TOP) refuse(40016)
  for (const button of buttons) {
    checkName(button, 'top')
    const below = subButtons(button)
    if (below.length > MAX_SUB) refuse(40023)
    if (below.length === 0) checkLeaf(button)
    for (const sub of below) {
      checkName(sub, 'sub')
      checkLeaf(sub)
    }
  }
  return buttons
}

/** `get_current_selfmenu_info` wraps sub buttons in a `list`, unlike the form they were created in. */
export const storedButtons = (buttons: MenuButton[]): MenuButton[] =>
  buttons.map((button) => {
    const below = subButtons(button)
    return below.length > 0 ? { name: button['name'], sub_button: { list: below } } : button
  })
