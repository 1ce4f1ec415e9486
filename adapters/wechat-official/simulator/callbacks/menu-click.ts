/** What each kind of menu button does on a phone. */
import { createHash } from 'node:crypto'
import { subButtons } from '../platform/menu.ts'
import { liveMedia } from '../state/media.ts'
import type { MenuButton } from '../state/records.ts'
import type { PhoneNotice } from '../types.ts'
import { ActionRefused, open, requireFollowing, type Actor } from './actor.ts'
import type { BodyFields } from './body.ts'
import type { Running } from './deliver.ts'
import { deliverEvent } from './events.ts'

const textOf = (button: MenuButton, field: string) => {
  const value = button[field]
  return typeof value === 'string' ? value : ''
}

const buttonAt = ({ account }: Actor, [top = 0, sub]: number[]): MenuButton => {
  const button = account.menu?.[top]
  const found = button && sub !== undefined ? subButtons(button)[sub] : button
  if (!found || textOf(found, 'type') === '') throw new ActionRefused('no such menu button')
  return found
}

const picture = (seed: string) => ({ item: [{ PicMd5Sum: createHash('md5').update(seed).digest('hex') }] })

const fieldsFor = (type: string, button: MenuButton, result: string | undefined): BodyFields => {
  switch (type) {
    case 'scancode_push':
    case 'scancode_waitmsg':
      return { ScanCodeInfo: { ScanType: 'qrcode', ScanResult: result ?? 'https://example.com/order/1001' } }
    case 'pic_sysphoto':
    case 'pic_photo_or_album':
    case 'pic_weixin':
      return { SendPicsInfo: { Count: 1, PicList: picture(textOf(button, 'key')) } }
    case 'location_select':
      return {
        SendLocationInfo: {
          Location_X: '31.2304',
          Location_Y: '121.4737',
          Scale: '15',
          Label: result ?? '上海市黄浦区人民大道',
          Poiname: '',
        },
      }
    default:
      return {}
  }
}

const event = (actor: Actor, name: string, notice: PhoneNotice, fields: BodyFields): Running => {
  const running = deliverEvent(actor.world, actor.account, actor.customer, name, fields)
  actor.world.addPhoneEntry(actor.customer, {
    side: 'notice',
    notice,
    detail: typeof fields['EventKey'] === 'string' ? fields['EventKey'] : '',
    deliveryId: running.delivery.id,
  })
  return running
}

/** The platform itself sends what such a button names; the account's server hears nothing. */
const sendMaterial = ({ world, account, customer }: Actor, button: MenuButton): null => {
  const mediaId = textOf(button, 'media_id')
  const media = liveMedia(account, mediaId, world.clock.now())
  const content =
    media?.kind === 'image'
      ? { type: 'image' as const, mediaId }
      : { type: 'card' as const, card: 'mpnews' as const, title: textOf(button, 'name'), refId: mediaId || textOf(button, 'article_id') }
  world.addPhoneEntry(customer, { side: 'account', content, via: 'menu' })
  return null
}

/** @param result what a scan read, or the place that was chosen */
export const clickMenu = (actor: Actor, path: number[], result?: string): Running | null => {
  requireFollowing(actor)
  const button = buttonAt(actor, path)
  const type = textOf(button, 'type')
  const MenuId = Number(actor.account.menuId)
  switch (type) {
    case 'view':
      return event(actor, 'VIEW', 'menu_viewed', { EventKey: textOf(button, 'url'), MenuId })
    case 'miniprogram':
      return event(actor, 'view_miniprogram', 'menu_viewed', { EventKey: textOf(button, 'pagepath'), MenuId })
    case 'media_id':
    case 'article_id':
    case 'article_view_limited':
      return sendMaterial(actor, button)
    case 'click':
      open(actor, 'menu')
      return event(actor, 'CLICK', 'menu_clicked', { EventKey: textOf(button, 'key') })
    default:
      if (type.startsWith('scancode_')) open(actor, 'menu')
      return event(actor, type, 'menu_clicked', { EventKey: textOf(button, 'key'), ...fieldsFor(type, button, result) })
  }
}
