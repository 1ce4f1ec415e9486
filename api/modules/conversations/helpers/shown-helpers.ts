/** Those who help, as a column of the conversation: their names are looked for only where there are any. */
import { z } from 'zod'
import type { Helper } from '../../../contract/helpers.ts'
import { avatarUrl } from '../../identity/index.ts'

/** What a conversation's row knows of them: enough to say who may see it. */
export const helpingSchema = z.array(z.object({ id: z.string(), mayReply: z.boolean() })).nullable()
export type Helping = z.infer<typeof helpingSchema>

export const shownHelpersRow = z
  .array(z.object({ id: z.string(), name: z.string(), avatar: z.string().nullable(), mayReply: z.boolean() }))
  .nullable()

export const SHOWN_HELPERS = `case when v.helpers is null then null else (
  select json_agg(json_build_object('id', a.id, 'name', a.name, 'avatar', a.avatar_attachment_id, 'mayReply', h.may_reply) order by h.invited_at, h.id)
  from conversation_helpers h join accounts a on a.id = h.account_id
  where h.conversation_id = v.id and h.left_at is null) end`

export const presentHelpers = (rows: z.infer<typeof shownHelpersRow>): Helper[] =>
  (rows ?? []).map(({ avatar, ...row }) => ({ ...row, avatarUrl: avatarUrl(avatar) }))
