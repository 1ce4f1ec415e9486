/** What a customer can do on the phone. One schema for tests, the page and its HTTP API. */
import { z } from 'zod'

const file = z.object({
  /** A built-in sample, or a file of one's own in base64. */
  sample: z.string().optional(),
  base64: z.string().max(14_000_000).optional(),
})
const bodyValue: z.ZodType<string | number | Record<string, unknown> | Record<string, unknown>[]> = z.union([
  z.string(),
  z.number(),
  z.record(z.string(), z.unknown()),
  z.array(z.record(z.string(), z.unknown())),
])

export const customerActionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().max(100_000) }),
  z.object({ type: z.literal('image'), ...file.shape }),
  z.object({ type: z.literal('voice'), ...file.shape, recognition: z.string().optional() }),
  z.object({ type: z.literal('video'), ...file.shape }),
  z.object({ type: z.literal('shortvideo'), ...file.shape }),
  z.object({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    scale: z.int().optional(),
    label: z.string(),
  }),
  z.object({ type: z.literal('link'), title: z.string(), description: z.string(), url: z.string() }),
  /** A message type without meaning to the account, such as `miniprogrampage`. */
  z.object({ type: z.literal('raw'), msgType: z.string().min(1), fields: z.record(z.string(), bodyValue) }),
  /** A click on an item of a `msgmenu`. */
  z.object({ type: z.literal('option'), id: z.string(), text: z.string() }),
  z.object({ type: z.literal('follow'), scene: z.string().optional(), ticket: z.string().optional() }),
  z.object({ type: z.literal('unfollow') }),
  /** A code of the account: by its ticket, its address, or made on the spot for a scene. Who does not follow yet, follows. */
  z.object({ type: z.literal('scan'), scene: z.string().optional(), ticket: z.string().optional(), url: z.string().optional() }),
  /** A button of the account's menu by its place. */
  z.object({ type: z.literal('menu'), path: z.array(z.int().nonnegative()).min(1).max(2), result: z.string().optional() }),
  /** A menu button by its key, whether or not such a button is there. */
  z.object({ type: z.literal('click'), key: z.string() }),
  z.object({ type: z.literal('report_location'), latitude: z.number(), longitude: z.number(), precision: z.number() }),
  /** Consent to a subscription notice, given in its pop-up. */
  z.object({ type: z.literal('grant'), templateId: z.string(), accept: z.boolean() }),
  /** Consent changed later, in the account's settings. */
  z.object({ type: z.literal('change_grant'), templateId: z.string(), accept: z.boolean() }),
  z.object({ type: z.literal('revoke_authorization') }),
  /** Any other event. */
  z.object({ type: z.literal('event'), event: z.string().min(1), fields: z.record(z.string(), bodyValue) }),
])
export type CustomerAction = z.infer<typeof customerActionSchema>
