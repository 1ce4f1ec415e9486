/** What a simulator offers to tests, roots and the page. */
import type { RequestListener } from 'node:http'
import type { CustomerAction } from '../callbacks/actions.ts'
import type { MountableSimulator } from '../mount.ts'
import type { SimulatorClock } from '../state/clock.ts'
import type { StoredMedia } from '../state/records.ts'
import type {
  AccountSettings,
  CustomerSettings,
  Delivery,
  DeliveryAttempt,
  IssuedToken,
  MessageTemplate,
  SentMessage,
  WebsiteApp,
  WireCall,
} from '../types.ts'
import type { SimulatedCustomer } from './customer-handle.ts'
import type { FaultControl } from './fault-control.ts'
import type { AccountChanges } from './settings.ts'
import type { SimulatorView } from './view.ts'

export interface SimulatorControls extends FaultControl {
  kind: 'wechat-official'
  /** Path segment under which `mountSimulator` puts the platform. */
  base: 'wechat'
  /** The platform's wire protocol; may be mounted under any prefix. */
  handler: RequestListener
  clock: Pick<SimulatorClock, 'now' | 'advance'>
  /** @throws ZodError for settings that the platform would not take */
  addAccount(settings: AccountSettings): void
  updateAccount(appId: string, changes: AccountChanges): void
  addWebsite(website: WebsiteApp): void
  addTemplate(template: MessageTemplate): void
  addCustomer(settings: CustomerSettings): SimulatedCustomer
  customer(appId: string, openId: string): SimulatedCustomer
  /** What was said before the simulator began: stands on the phone, opens the reply window, and nobody is told. */
  remember(appId: string, openId: string, lines: readonly { by: 'customer' | 'account'; text: string }[]): void
  act(appId: string, openId: string, action: CustomerAction): Promise<Delivery | null>
  /** Makes a code with a scene, as if the account had asked for it. */
  createCode(appId: string, scene: string): { ticket: string }
  /** The consent that a person gives on the authorisation page, without the page. */
  issueOauthCode(consent: { appId: string; scope: string; customer: SimulatedCustomer; snapshot?: boolean }): string
  /** The platform's check of the callback's address. */
  checkCallback(appId: string): Promise<boolean>
  /** The bytes of a delivery's last attempt once more. */
  replay(deliveryId: string): Promise<DeliveryAttempt>
  delivery(deliveryId: string): Delivery | undefined
  /** Resolves when the delivery was accepted or given up. */
  settled(deliveryId: string): Promise<Delivery>
  /** Every message that the platform accepted, in order. */
  sent(filter?: { appId?: string; openId?: string }): SentMessage[]
  tokens(appId: string): IssuedToken[]
  calls(filter?: { path?: string; direction?: WireCall['direction'] }): WireCall[]
  clearHistory(): void
  media(appId: string, mediaId: string): Pick<StoredMedia, 'data' | 'mime'> | null
  snapshot(): SimulatorView
  onChange(listener: () => void): () => void
  /** Ends all that is planned. */
  stop(): void
}

export class UnknownInSimulator extends Error {}

/** The typed controls, and what mounting needs. */
export type OfficialAccountSimulator = SimulatorControls & MountableSimulator
