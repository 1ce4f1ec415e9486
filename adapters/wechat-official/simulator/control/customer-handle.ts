/** One customer's phone, for tests: what he does, and what he sees. */
import type { CustomerAction } from '../callbacks/actions.ts'
import { allowanceSummary } from '../state/allowances.ts'
import type { Customer } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { Delivery, PhoneEntry, SentMessage } from '../types.ts'

export interface SimulatedCustomer {
  appId: string
  openId: string
  unionId: string | null
  /** Resolves after the first attempt of delivery; null where nothing is delivered. @throws ActionRefused */
  act(action: CustomerAction): Promise<Delivery | null>
  text(text: string): Promise<Delivery>
  image(file?: { sample?: string; base64?: string }): Promise<Delivery>
  voice(file?: { sample?: string; base64?: string; recognition?: string }): Promise<Delivery>
  video(file?: { sample?: string; base64?: string }): Promise<Delivery>
  location(place: { latitude: number; longitude: number; label: string; scale?: number }): Promise<Delivery>
  link(link: { title: string; description: string; url: string }): Promise<Delivery>
  /** A click on an item of a menu message. */
  chooseOption(option: { id: string; text: string }): Promise<Delivery>
  follow(scene?: string): Promise<Delivery>
  unfollow(): Promise<Delivery>
  scan(scene: string): Promise<Delivery>
  clickMenu(key: string): Promise<Delivery>
  phone(): PhoneEntry[]
  sent(): SentMessage[]
  /** Replies that the account may still send (null = no limit), and until when (null = closed). */
  allowance(): { remaining: number | null; endsAt: number | null }
}

export type Act = (customer: Customer, action: CustomerAction) => Promise<Delivery | null>

const definitely = async (delivery: Promise<Delivery | null>): Promise<Delivery> => {
  const done = await delivery
  if (!done) throw new Error('nothing was delivered')
  return done
}

export const createCustomerHandle = (world: World, customer: Customer, perform: Act): SimulatedCustomer => {
  const act = (action: CustomerAction) => perform(customer, action)
  const deliver = (action: CustomerAction) => definitely(act(action))
  return {
    appId: customer.appId,
    openId: customer.openId,
    unionId: customer.unionId ?? null,
    act,
    text: (text) => deliver({ type: 'text', text }),
    image: (file = {}) => deliver({ type: 'image', ...file }),
    voice: (file = {}) => deliver({ type: 'voice', ...file }),
    video: (file = {}) => deliver({ type: 'video', ...file }),
    location: (place) => deliver({ type: 'location', ...place }),
    link: (link) => deliver({ type: 'link', ...link }),
    chooseOption: (option) => deliver({ type: 'option', ...option }),
    follow: (scene) => deliver({ type: 'follow', ...(scene === undefined ? {} : { scene }) }),
    unfollow: () => deliver({ type: 'unfollow' }),
    scan: (scene) => deliver({ type: 'scan', scene }),
    clickMenu: (key) => deliver({ type: 'click', key }),
    phone: () => customer.phone,
    sent: () => world.sent.filter(({ appId, openId }) => appId === customer.appId && openId === customer.openId),
    allowance: () => allowanceSummary(customer, world.clock.now()),
  }
}
