/** Shapes of the customer's API, from the contract: as types alone, so that no schema code reaches the page. */
import type { z } from 'zod'
import type { attachmentSchema } from '#api/contract/attachment.ts'
import type { CustomerMessage, customerPartInputSchema } from '#api/contract/message.ts'
import type { beaconSchema, customerEventSchemas } from '#api/contract/realtime.ts'
import type { webHistorySchema, webIdentityClaim, webSessionRequest, webSessionSchema } from '#api/contract/web.ts'

export type { CustomerMessage, Media, MessagePart } from '#api/contract/message.ts'
export type { WebConversation } from '#api/contract/web.ts'
export type Attachment = z.infer<typeof attachmentSchema>
export type HistoryPage = z.infer<typeof webHistorySchema>
export type IdentityClaim = z.infer<typeof webIdentityClaim>
export type SessionRequest = z.infer<typeof webSessionRequest>
export type Session = z.infer<typeof webSessionSchema>
export type PartInput = z.infer<typeof customerPartInputSchema>
export type Beacon = z.infer<typeof beaconSchema>
export type Author = CustomerMessage['author']

/** What socket.io calls for each event of the namespace. */
export type ServerEvents = { [K in keyof typeof customerEventSchemas]: (event: z.infer<(typeof customerEventSchemas)[K]>) => void }
export interface ClientEvents {
  typing: (command: { conversationId: string; typing: boolean }) => void
}
