import type { z } from 'zod'
import type {
  ChannelAccount,
  ChannelKind,
  InboundEventRow,
  channelAccountCreate,
  channelAccountPatch,
  connectionTestSchema,
  menuSchema,
  MessageTemplate,
  qrCodeCreate,
  qrCodeSchema,
} from '#api/contract/channel.ts'
import { http, type Page } from './http.ts'

export type ConnectionTest = z.infer<typeof connectionTestSchema>
export type QrCode = z.infer<typeof qrCodeSchema>
export type MenuButton = z.infer<typeof menuSchema>['buttons'][number]
export type InboundState = InboundEventRow['state']

const at = (id: string) => `/channel-accounts/${encodeURIComponent(id)}`

export const fetchChannelKinds = (): Promise<ChannelKind[]> => http.get('/channel-kinds')
export const fetchChannelAccounts = (cursor?: string): Promise<Page<ChannelAccount>> =>
  http.page('/channel-accounts', { limit: 100, cursor })
export const fetchChannelAccount = (id: string): Promise<ChannelAccount> => http.get(at(id))
export const createChannelAccount = (body: z.input<typeof channelAccountCreate>): Promise<ChannelAccount> =>
  http.post('/channel-accounts', body)
export const patchChannelAccount = (id: string, body: z.input<typeof channelAccountPatch>): Promise<ChannelAccount> =>
  http.patch(at(id), body)
export const testChannelAccount = (id: string): Promise<ConnectionTest> => http.post(`${at(id)}/test`)
export const createQrCode = (id: string, body: z.input<typeof qrCodeCreate>): Promise<QrCode> => http.post(`${at(id)}/qr-codes`, body)
export const fetchMenu = (id: string): Promise<z.infer<typeof menuSchema>> => http.get(`${at(id)}/menu`)
export const putMenu = (id: string, buttons: MenuButton[]): Promise<z.infer<typeof menuSchema>> => http.put(`${at(id)}/menu`, { buttons })
export const fetchTemplates = (id: string): Promise<MessageTemplate[]> => http.get(`${at(id)}/templates`)
export const fetchInboundEvents = (id: string, query: { state?: InboundState; cursor?: string }): Promise<Page<InboundEventRow>> =>
  http.page(`${at(id)}/inbound-events`, { limit: 30, ...query })
export const replayInboundEvent = (id: string): Promise<InboundEventRow> => http.post(`/inbound-events/${encodeURIComponent(id)}/replay`)
