/** QR codes with a scene, users, and the menu. */
import qrcode from 'qrcode-generator'
import sharp from 'sharp'
import { newTicket, randomText } from '../state/identifiers.ts'
import { trimMap, type Account, type Customer, type QrTicket } from '../state/records.ts'
import { OK, withoutToken, withToken, type AccountContext, type Answer, type CallContext, type Endpoints } from './endpoint.ts'
import { refuse } from './errors.ts'
import { fieldsOf, listOf, numberOf, parseFields, textOf, type Fields } from './fields.ts'
import { checkMenu, storedButtons } from './menu.ts'

const MAX_QR_SECONDS = 2_592_000
const DEFAULT_QR_SECONDS = 60
const KEPT_TICKETS = 100_000
const QR_PIXELS = 430
const MAX_BATCH = 100
const MAX_REMARK_CHARACTERS = 30
const USERS_PER_PAGE = 10_000

const sceneOf = (action: string, scene: Fields): { scene: string; numeric: boolean } => {
  const id = numberOf(scene['scene_id'])
  const text = textOf(scene['scene_str'])
  const inRange = id !== null && Number.isInteger(id) && id >= 1
  if (action === 'QR_SCENE' && inRange && id <= 0xffffffff) return { scene: String(id), numeric: true }
  if (action === 'QR_LIMIT_SCENE' && inRange && id <= 100_000) return { scene: String(id), numeric: true }
  if (action.endsWith('STR_SCENE') && text.length >= 1 && text.length <= 64) return { scene: text, numeric: false }
  return refuse(40053)
}

const createQr = ({ account, body, now }: AccountContext): Answer => {
  const payload = parseFields(body)
  const action = textOf(payload['action_name'])
  if (!['QR_SCENE', 'QR_STR_SCENE', 'QR_LIMIT_SCENE', 'QR_LIMIT_STR_SCENE'].includes(action)) refuse(40053)
  const scene = sceneOf(action, fieldsOf(fieldsOf(payload['action_info'])['scene']))
  const temporary = !action.startsWith('QR_LIMIT')
  const seconds = numberOf(payload['expire_seconds']) ?? DEFAULT_QR_SECONDS
  if (temporary && (seconds < 1 || seconds > MAX_QR_SECONDS)) refuse(40035)
  const ticket: QrTicket = {
    ...scene,
    ticket: newTicket(),
    url: `http://weixin.qq.com/q/02${randomText(22)}`,
    expiresAt: temporary ? now + seconds * 1000 : null,
  }
  account.tickets.set(ticket.ticket, ticket)
  trimMap(account.tickets, KEPT_TICKETS)
  return { json: { ticket: ticket.ticket, ...(temporary ? { expire_seconds: seconds } : {}), url: ticket.url } }
}

/** The picture encodes the code's address, so that a real scanner reads what the platform's code would say. */
const showQr = async ({ world, query, now }: CallContext): Promise<Answer> => {
  const wanted = query.get('ticket') ?? ''
  const ticket = [...world.accounts.values()].map((account) => account.tickets.get(wanted)).find((found) => found !== undefined)
  if (!ticket || (ticket.expiresAt !== null && ticket.expiresAt <= now)) return { html: 'not found', status: 404 }
  const code = qrcode(0, 'M')
  code.addData(ticket.url)
  code.make()
  const svg = code.createSvgTag({ cellSize: 8, margin: 32, scalable: true })
  return {
    binary: await sharp(Buffer.from(svg)).resize(QR_PIXELS, QR_PIXELS).flatten({ background: '#fff' }).jpeg().toBuffer(),
    mime: 'image/jpg',
  }
}

const describeUser = (account: Account, customer: Customer, lang: string): Fields => {
  const unionid = account.unionBound && customer.unionId ? { unionid: customer.unionId } : {}
  if (!customer.following) return { subscribe: 0, openid: customer.openId, ...unionid }
  return {
    subscribe: 1,
    openid: customer.openId,
    language: lang,
    subscribe_time: Math.floor(customer.followedAt / 1000),
    ...unionid,
    remark: customer.remark,
    groupid: 0,
    tagid_list: [],
    subscribe_scene: customer.followScene,
    qr_scene: /^\d+$/.test(customer.followQrScene) ? Number(customer.followQrScene) : 0,
    qr_scene_str: customer.followQrScene,
  }
}

const userOf = (account: Account, openId: string) => account.customers.get(openId) ?? refuse(40003)

const readUser = ({ account, query }: AccountContext): Answer => {
  const openId = query.get('openid') ?? ''
  if (!openId) refuse(41009)
  return { json: describeUser(account, userOf(account, openId), query.get('lang') ?? 'zh_CN') }
}

const readUsers = ({ account, body }: AccountContext): Answer => {
  const list = listOf(parseFields(body)['user_list']).map(fieldsOf)
  if (list.length === 0 || list.length > MAX_BATCH) refuse(40035)
  return {
    json: {
      user_info_list: list.map(({ openid, lang }) => describeUser(account, userOf(account, textOf(openid)), textOf(lang) || 'zh_CN')),
    },
  }
}

const listUsers = ({ account, query }: AccountContext): Answer => {
  const followers = [...account.customers.values()].filter(({ following }) => following).map(({ openId }) => openId)
  const after = query.get('next_openid') ?? ''
  if (after && !followers.includes(after)) refuse(40003)
  const page = followers.slice(after ? followers.indexOf(after) + 1 : 0).slice(0, USERS_PER_PAGE)
  const data = page.length > 0 ? { data: { openid: page } } : {}
  return { json: { total: followers.length, count: page.length, ...data, next_openid: page.at(-1) ?? '' } }
}

const changeRemark = ({ account, body, world }: AccountContext): Answer => {
  const payload = parseFields(body)
  const remark = textOf(payload['remark'])
  const customer = userOf(account, textOf(payload['openid']))
  if ([...remark].length > MAX_REMARK_CHARACTERS) refuse(40035)
  customer.remark = remark
  world.changed()
  return { json: OK }
}

const createMenu = ({ account, body, world }: AccountContext): Answer => {
  account.menu = checkMenu(parseFields(body)['button'])
  account.menuId = String(world.nextNumber() + 400_000_000)
  world.changed()
  return { json: OK }
}

const readMenu = ({ account }: AccountContext): Answer =>
  account.menu ? { json: { is_menu_open: 1, selfmenu_info: { button: storedButtons(account.menu) } } } : { json: { is_menu_open: 0 } }

const deleteMenu = ({ account, world }: AccountContext): Answer => {
  account.menu = null
  world.changed()
  return { json: OK }
}

export const accountEndpoints: Endpoints = {
  '/cgi-bin/qrcode/create': withToken('POST', createQr),
  '/cgi-bin/showqrcode': withoutToken('GET', showQr),
  '/cgi-bin/user/info': withToken('GET', readUser),
  '/cgi-bin/user/info/batchget': withToken('POST', readUsers),
  '/cgi-bin/user/get': withToken('GET', listUsers),
  '/cgi-bin/user/info/updateremark': withToken('POST', changeRemark),
  '/cgi-bin/menu/create': withToken('POST', createMenu),
  '/cgi-bin/menu/get': withToken('GET', ({ account }) => (account.menu ? { json: { menu: { button: account.menu } } } : refuse(46003))),
  '/cgi-bin/get_current_selfmenu_info': withToken('GET', readMenu),
  '/cgi-bin/menu/delete': withToken('GET', deleteMenu),
}
