/** Every error code a client can meet. Screens word them; the API never sends prose meant for people. */
import { z } from 'zod'

export const ERROR_CODES = [
  // request
  'invalid_request',
  'malformed_json',
  'payload_too_large',
  'unsupported_media_type',
  'route_not_found',
  'method_not_allowed',
  // who you are
  'unauthenticated',
  'invalid_credentials',
  'account_locked',
  'account_disabled',
  'session_expired',
  'origin_not_allowed',
  'identity_invalid',
  'identity_required',
  // what you may
  'forbidden',
  'not_found',
  // state
  'conflict',
  'version_conflict',
  'idempotency_mismatch',
  'already_assigned',
  'conversation_closed',
  'conversation_not_assigned',
  'at_capacity',
  'already_replayed',
  'reply_window_closed',
  'reply_quota_spent',
  'part_not_supported',
  'text_too_long',
  'too_many_parts',
  'not_recallable',
  'not_retryable',
  'username_taken',
  'name_taken',
  // files
  'file_type_refused',
  'file_empty',
  'file_name_refused',
  'image_too_large',
  'attachment_not_ready',
  // channels
  'channel_kind_unknown',
  'channel_config_invalid',
  'channel_disabled',
  'channel_unsupported',
  'platform_refused',
  'platform_unreachable',
  'signature_invalid',
  // load
  'rate_limited',
  'unavailable',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** Why a delivery did not arrive, as `message.delivery.reason`. */
export const DELIVERY_REASONS = [
  'reply_window_closed',
  'reply_quota_spent',
  'customer_unfollowed',
  'customer_blocked',
  'customer_unknown',
  'customer_refuses',
  'api_quota_spent',
  'not_authorised',
  'content_refused',
  'content_too_long',
  'media_refused',
  'part_not_supported',
  'template_refused',
  'account_limited',
  'configuration',
  'platform_unreachable',
  'outcome_unknown',
  'rejected',
] as const
export type DeliveryReason = (typeof DELIVERY_REASONS)[number]

export const errorSchema = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    /** For developers, in English; screens use the code. */
    message: z.string(),
    context: z.record(z.string(), z.unknown()),
  }),
})
export type ErrorBody = z.infer<typeof errorSchema>
