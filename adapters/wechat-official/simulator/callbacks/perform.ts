/** Carries out a customer's action: changes the phone, opens the window, tells the account's server. */
import { newTicket } from '../state/identifiers.ts'
import { sniffMime, storeMedia } from '../state/media.ts'
import type { StoredMedia } from '../state/records.ts'
import { readSample } from '../samples/sample-media.ts'
import type { AllowanceKind, Content } from '../types.ts'
import type { CustomerAction } from './actions.ts'
import { ActionRefused, open, requireFollowing, type Actor } from './actor.ts'
import type { BodyFields, BodyValue } from './body.ts'
import type { Running } from './deliver.ts'
import { deliverEvent, deliverMessage } from './events.ts'
import { clickMenu } from './menu-click.ts'

type ActionOf<Type extends CustomerAction['type']> = Extract<CustomerAction, { type: Type }>

/** Shows on the phone what the customer did, once the delivery has its id. */
const show = ({ world, customer }: Actor, content: Content, running: Running) => {
  world.addPhoneEntry(customer, { side: 'customer', content, deliveryId: running.delivery.id })
  return running
}

const say = (actor: Actor, message: { msgType: string; fields: BodyFields; content: Content; opens?: AllowanceKind }): Running => {
  requireFollowing(actor)
  open(actor, message.opens ?? 'message')
  return show(actor, message.content, deliverMessage(actor.world, actor.account, actor.customer, message.msgType, message.fields))
}

const fileOf = (action: ActionOf<'image' | 'voice' | 'video' | 'shortvideo'>): Buffer => {
  if (action.base64) return Buffer.from(action.base64, 'base64')
  const kind = action.type === 'shortvideo' ? 'video' : action.type
  const data = readSample(action.sample ?? kind)
  if (!data) throw new ActionRefused('no such sample')
  return data
}

const stored = ({ world, account }: Actor, kind: StoredMedia['kind'], data: Buffer): StoredMedia =>
  storeMedia(account, { kind, data, mime: sniffMime(data) ?? 'application/octet-stream' }, world.clock.now())

const sayImage = (actor: Actor, action: ActionOf<'image'>) => {
  const media = stored(actor, 'image', fileOf(action))
  // The platform's own picture host where nobody has told us an address of ours.
  const base = actor.world.publicBaseUrl ?? 'http://mmbiz.qpic.cn'
  const fields = { PicUrl: `${base}${media.publicPath}`, MediaId: media.mediaId }
  return say(actor, { msgType: 'image', fields, content: { type: 'image', mediaId: media.mediaId } })
}

const sayVoice = (actor: Actor, action: ActionOf<'voice'>) => {
  const media = stored(actor, 'voice', fileOf(action))
  const recognition = actor.account.voiceRecognition ? { Recognition: action.recognition ?? '' } : {}
  const fields = { MediaId: media.mediaId, Format: 'amr', ...recognition }
  const duration = media.durationMs === undefined ? {} : { durationMs: media.durationMs }
  return say(actor, { msgType: 'voice', fields, content: { type: 'voice', mediaId: media.mediaId, ...duration } })
}

const sayVideo = (actor: Actor, action: ActionOf<'video' | 'shortvideo'>) => {
  const media = stored(actor, 'video', fileOf(action))
  const thumb = stored(actor, 'thumb', readSample('thumb') ?? Buffer.alloc(0))
  const fields = { MediaId: media.mediaId, ThumbMediaId: thumb.mediaId }
  return say(actor, { msgType: action.type, fields, content: { type: 'video', mediaId: media.mediaId, thumbMediaId: thumb.mediaId } })
}

const sayLocation = (actor: Actor, { latitude, longitude, label, scale = 15 }: ActionOf<'location'>) =>
  say(actor, {
    msgType: 'location',
    fields: { Location_X: latitude, Location_Y: longitude, Scale: scale, Label: label },
    content: { type: 'location', latitude, longitude, scale, label },
  })

const sayLink = (actor: Actor, { title, description, url }: ActionOf<'link'>) =>
  say(actor, {
    msgType: 'link',
    fields: { Title: title, Description: description, Url: url },
    content: { type: 'link', title, description, url },
  })

/** A click on a `msgmenu` item looks like a text but opens the small allowance of a menu click. */
const chooseOption = (actor: Actor, { id, text }: ActionOf<'option'>) =>
  say(actor, {
    msgType: 'text',
    fields: { Content: text, bizmsgmenuid: id },
    content: { type: 'text', text, menuOptionId: id },
    opens: 'menu',
  })

const isBodyValue = (value: unknown): value is BodyValue =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  (Array.isArray(value) ? value.every((item) => isBodyFields(item)) : isBodyFields(value))
const isBodyFields = (value: unknown): value is BodyFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isBodyValue)

const bodyFields = (value: unknown): BodyFields => {
  if (!isBodyFields(value)) throw new ActionRefused('fields must be texts, numbers, objects or lists of objects')
  return value
}

const follow = (actor: Actor, source?: { scene: string; ticket: string }): Running => {
  const { world, account, customer } = actor
  customer.following = true
  customer.followedAt = world.clock.now()
  customer.followScene = source ? 'ADD_SCENE_QR_CODE' : 'ADD_SCENE_SEARCH'
  customer.followQrScene = source?.scene ?? ''
  open(actor, 'follow')
  if (source) open(actor, 'scan')
  const fields: BodyFields = source ? { EventKey: `qrscene_${source.scene}`, Ticket: source.ticket } : { EventKey: '' }
  const running = deliverEvent(world, account, customer, 'subscribe', fields)
  world.addPhoneEntry(customer, { side: 'notice', notice: 'followed', detail: source?.scene ?? '', deliveryId: running.delivery.id })
  return running
}

const unfollow = (actor: Actor): Running => {
  const { world, account, customer } = actor
  customer.following = false
  customer.allowances = []
  const running = deliverEvent(world, account, customer, 'unsubscribe', { EventKey: '' })
  world.addPhoneEntry(customer, { side: 'notice', notice: 'unfollowed', detail: '', deliveryId: running.delivery.id })
  return running
}

const codeOf = ({ world, account }: Actor, action: ActionOf<'scan'>) => {
  if (action.scene !== undefined) return { scene: action.scene, ticket: newTicket() }
  const found = [...account.tickets.values()].find(({ ticket, url }) => ticket === action.ticket || url === action.url)
  if (!found) throw new ActionRefused('not a code of this account')
  if (found.expiresAt !== null && found.expiresAt <= world.clock.now()) throw new ActionRefused('the code has expired')
  return found
}

const scan = (actor: Actor, action: ActionOf<'scan'>): Running => {
  const { world, account, customer } = actor
  const code = codeOf(actor, action)
  if (!customer.following) return follow(actor, code)
  open(actor, 'scan')
  const running = deliverEvent(world, account, customer, 'SCAN', { EventKey: code.scene, Ticket: code.ticket })
  world.addPhoneEntry(customer, { side: 'notice', notice: 'scanned', detail: code.scene, deliveryId: running.delivery.id })
  return running
}

const GRANT_EVENTS = { grant: 'subscribe_msg_popup_event', change_grant: 'subscribe_msg_change_event' } as const
const GRANT_ELEMENTS = { grant: 'SubscribeMsgPopupEvent', change_grant: 'SubscribeMsgChangeEvent' } as const

const grant = (actor: Actor, { type, templateId, accept }: ActionOf<'grant' | 'change_grant'>): Running => {
  const { world, account, customer } = actor
  const before = customer.grants.get(templateId) ?? 0
  customer.grants.set(templateId, accept ? before + (type === 'grant' ? 1 : 0) : 0)
  const choice = {
    TemplateId: templateId,
    SubscribeStatusString: accept ? 'accept' : 'reject',
    ...(type === 'grant' ? { PopupScene: 2 } : {}),
  }
  return notice(
    actor,
    GRANT_EVENTS[type],
    deliverEvent(world, account, customer, GRANT_EVENTS[type], { [GRANT_ELEMENTS[type]]: { List: [choice] } }),
  )
}

const notice = ({ world, customer }: Actor, event: string, running: Running) => {
  world.addPhoneEntry(customer, { side: 'notice', notice: 'event', detail: event, deliveryId: running.delivery.id })
  return running
}

const sendEvent = (actor: Actor, event: string, fields: BodyFields): Running =>
  notice(actor, event, deliverEvent(actor.world, actor.account, actor.customer, event, fields))

const reportLocation = (actor: Actor, { latitude, longitude, precision }: ActionOf<'report_location'>) =>
  sendEvent(actor, 'LOCATION', { Latitude: latitude, Longitude: longitude, Precision: precision })

const revoke = (actor: Actor) =>
  sendEvent(actor, 'user_authorization_revoke', { OpenID: actor.customer.openId, AppID: actor.account.appId, RevokeInfo: '301' })

/** A click on a button that needs no menu to be there: tests name the key alone. */
const clickKey = (actor: Actor, key: string): Running => {
  requireFollowing(actor)
  open(actor, 'menu')
  const running = deliverEvent(actor.world, actor.account, actor.customer, 'CLICK', { EventKey: key })
  actor.world.addPhoneEntry(actor.customer, { side: 'notice', notice: 'menu_clicked', detail: key, deliveryId: running.delivery.id })
  return running
}

const followBy = (actor: Actor, { scene, ticket }: ActionOf<'follow'>) =>
  scene === undefined ? follow(actor) : follow(actor, { scene, ticket: ticket ?? newTicket() })

/** Null: the action is none of the account's business, nothing is delivered. */
const start = (actor: Actor, action: CustomerAction): Running | null => {
  switch (action.type) {
    case 'text':
      return say(actor, { msgType: 'text', fields: { Content: action.text }, content: { type: 'text', text: action.text } })
    case 'image':
      return sayImage(actor, action)
    case 'voice':
      return sayVoice(actor, action)
    case 'video':
    case 'shortvideo':
      return sayVideo(actor, action)
    case 'location':
      return sayLocation(actor, action)
    case 'link':
      return sayLink(actor, action)
    case 'option':
      return chooseOption(actor, action)
    case 'raw':
      return say(actor, { msgType: action.msgType, fields: bodyFields(action.fields), content: { type: 'other', msgType: action.msgType } })
    default:
      return startOther(actor, action)
  }
}

const startOther = (actor: Actor, action: CustomerAction): Running | null => {
  switch (action.type) {
    case 'follow':
      return followBy(actor, action)
    case 'unfollow':
      return unfollow(actor)
    case 'scan':
      return scan(actor, action)
    case 'menu':
      return clickMenu(actor, action.path, action.result)
    case 'click':
      return clickKey(actor, action.key)
    case 'report_location':
      return reportLocation(actor, action)
    case 'grant':
    case 'change_grant':
      return grant(actor, action)
    case 'revoke_authorization':
      return revoke(actor)
    case 'event':
      return sendEvent(actor, action.event, bodyFields(action.fields))
    default:
      return null
  }
}

/** @throws ActionRefused when a phone would not allow it */
export const perform = (actor: Actor, action: CustomerAction): Running | null => start(actor, action)
