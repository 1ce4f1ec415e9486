/** The contract's schemas as JSON Schema, with the ones that matter under their names instead of repeated in every place. */
import { z } from 'zod'
import { attachmentSchema } from '../../../contract/attachment.ts'
import { channelAccountSchema, channelKindSchema, connectionTestSchema, inboundEventSchema, menuSchema } from '../../../contract/channel.ts'
import {
  channelCapabilitiesSchema,
  conversationDetailSchema,
  conversationSchema,
  replyWindowSchema,
} from '../../../contract/conversation.ts'
import { customerIdentitySchema, customerSchema } from '../../../contract/customer.ts'
import { errorSchema } from '../../../contract/errors.ts'
import { meSchema, preferencesSchema, presenceSchema, staffSchema } from '../../../contract/identity.ts'
import {
  customerMessageSchema,
  customerPartInputSchema,
  deliverySchema,
  mediaSchema,
  messageAuthorSchema,
  messagePartInputSchema,
  messagePartSchema,
  messageSchema,
} from '../../../contract/message.ts'
import { webConversationSchema, webHistorySchema, webIdentityClaim, webSessionSchema } from '../../../contract/web.ts'

export type Json = Record<string, unknown>

const answers = {
  Attachment: attachmentSchema,
  ChannelAccount: channelAccountSchema,
  ChannelCapabilities: channelCapabilitiesSchema,
  ChannelKind: channelKindSchema,
  ConnectionTest: connectionTestSchema,
  Conversation: conversationSchema,
  ConversationDetail: conversationDetailSchema,
  Customer: customerSchema,
  CustomerIdentity: customerIdentitySchema,
  CustomerMessage: customerMessageSchema,
  Delivery: deliverySchema,
  Error: errorSchema,
  InboundEvent: inboundEventSchema,
  Me: meSchema,
  Media: mediaSchema,
  Menu: menuSchema,
  Message: messageSchema,
  MessageAuthor: messageAuthorSchema,
  MessagePart: messagePartSchema,
  Preferences: preferencesSchema,
  Presence: presenceSchema,
  ReplyWindow: replyWindowSchema,
  Staff: staffSchema,
  WebConversation: webConversationSchema,
  WebHistory: webHistorySchema,
  WebSession: webSessionSchema,
}
/** What is sent to us may leave out what has a default, so it is described apart. */
const requests = {
  CustomerPartInput: customerPartInputSchema,
  MessagePartInput: messagePartInputSchema,
  WebIdentityClaim: webIdentityClaim,
}

type Direction = 'input' | 'output'

function registryOf(schemas: Record<string, z.ZodType>) {
  const registry = z.registry<{ id?: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  return registry
}
const registries = { input: registryOf(requests), output: registryOf(answers) }

/** Name → schema, under `components/schemas`. */
export type Components = Map<string, Json>

/** What the type says already: the expression behind a format, the largest integer there is. */
function dropNoise({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minLength === 0) delete jsonSchema.minLength
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
}

const generated = z.looseObject({ $defs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) })

/** @param components collects the named schemas that this one refers to */
export function toJsonSchema(schema: z.ZodType, io: Direction, components: Components): Json {
  const metadata = registries[io]
  const text = JSON.stringify(z.toJSONSchema(schema, { io, metadata, unrepresentable: 'any', reused: 'inline', override: dropNoise }))
  const { $defs, $schema: _dialect, ...rest } = generated.parse(JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')))
  for (const [name, definition] of Object.entries($defs)) components.set(name, withoutId(definition))
  return withoutId(rest)
}

/** Addressed by where it stands in the document. */
function withoutId({ id: _id, ...schema }: Json): Json {
  return schema
}
