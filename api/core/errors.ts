/** Typed errors with a code of the contract. Only `core/http` knows their status codes. */
import type { ErrorCode } from '../contract/errors.ts'

export type ErrorContext = Record<string, unknown>

export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'wrong_method'
  | 'conflict'
  | 'rate_limited'
  | 'too_large'
  | 'unsupported'
  | 'unavailable'
  | 'internal'

/** What each code is a case of. The classes below take only the codes of their kind, so that code and status can never disagree. */
export const KIND_OF = {
  invalid_request: 'invalid',
  malformed_json: 'invalid',
  payload_too_large: 'too_large',
  unsupported_media_type: 'unsupported',
  route_not_found: 'not_found',
  method_not_allowed: 'wrong_method',
  unauthenticated: 'unauthenticated',
  invalid_credentials: 'unauthenticated',
  account_locked: 'rate_limited',
  account_disabled: 'forbidden',
  session_expired: 'unauthenticated',
  origin_not_allowed: 'forbidden',
  identity_invalid: 'unauthenticated',
  identity_required: 'forbidden',
  phone_invalid: 'invalid',
  phone_taken: 'conflict',
  captcha_required: 'invalid',
  captcha_invalid: 'invalid',
  code_invalid: 'invalid',
  code_expired: 'invalid',
  too_many_tries: 'rate_limited',
  sms_unavailable: 'unavailable',
  sms_refused: 'conflict',
  password_change_required: 'forbidden',
  password_weak: 'invalid',
  password_reused: 'invalid',
  password_wrong: 'invalid',
  second_factor_required: 'unauthenticated',
  second_factor_invalid: 'invalid',
  challenge_expired: 'unauthenticated',
  login_method_disabled: 'forbidden',
  wechat_not_bound: 'unauthenticated',
  wechat_taken: 'conflict',
  scan_expired: 'conflict',
  scan_unconfirmed: 'conflict',
  last_way_in: 'conflict',
  link_expired: 'conflict',
  link_used_up: 'conflict',
  link_revoked: 'conflict',
  privacy_changed: 'conflict',
  forbidden: 'forbidden',
  not_found: 'not_found',
  conflict: 'conflict',
  version_conflict: 'conflict',
  idempotency_mismatch: 'conflict',
  already_assigned: 'conflict',
  conversation_closed: 'conflict',
  conversation_not_assigned: 'conflict',
  transfer_running: 'conflict',
  transfer_decided: 'conflict',
  transfer_to_self: 'invalid',
  target_offline: 'conflict',
  target_at_capacity: 'conflict',
  team_closed: 'conflict',
  mention_out_of_scope: 'invalid',
  conversation_merged: 'conflict',
  conversation_split: 'conflict',
  conversation_is_stream: 'conflict',
  different_customers: 'conflict',
  link_undone: 'conflict',
  link_undo_expired: 'conflict',
  at_capacity: 'conflict',
  already_replayed: 'conflict',
  rating_given: 'conflict',
  rating_expired: 'conflict',
  rating_invited: 'conflict',
  rating_without_agent: 'conflict',
  search_too_short: 'invalid',
  transcript_too_long: 'conflict',
  team_not_yours: 'forbidden',
  reply_window_closed: 'conflict',
  reply_quota_spent: 'conflict',
  part_not_supported: 'invalid',
  text_too_long: 'invalid',
  too_many_parts: 'invalid',
  not_recallable: 'conflict',
  not_retryable: 'conflict',
  username_taken: 'conflict',
  name_taken: 'conflict',
  role_built_in: 'conflict',
  role_in_use: 'conflict',
  role_beyond_own: 'forbidden',
  own_account: 'conflict',
  last_administrator: 'conflict',
  department_cycle: 'conflict',
  department_not_empty: 'conflict',
  employee_number_taken: 'conflict',
  import_invalid: 'conflict',
  code_taken: 'conflict',
  entry_unknown: 'invalid',
  entry_disabled: 'invalid',
  entry_in_use: 'conflict',
  entry_built_in: 'conflict',
  field_invalid: 'invalid',
  customer_merged: 'conflict',
  institution_in_use: 'conflict',
  institution_cycle: 'conflict',
  tag_unknown: 'invalid',
  tag_in_use: 'conflict',
  tag_asked_for: 'conflict',
  limit_reached: 'conflict',
  selection_too_large: 'invalid',
  calendar_in_use: 'conflict',
  member_is_leader: 'conflict',
  team_disabled: 'conflict',
  not_a_member: 'invalid',
  staff_not_active: 'invalid',
  shift_overlaps: 'conflict',
  shift_changed: 'conflict',
  swap_decided: 'conflict',
  week_not_empty: 'conflict',
  relation_overlaps: 'conflict',
  relation_ended: 'conflict',
  overflow_cycle: 'invalid',
  already_there: 'conflict',
  dates_reversed: 'invalid',
  choice_closed: 'conflict',
  not_closed_now: 'conflict',
  contact_request_exists: 'conflict',
  template_variable_unknown: 'invalid',
  wrap_up_required: 'invalid',
  conversation_not_closed: 'conflict',
  conversation_open: 'conflict',
  time_passed: 'invalid',
  customer_blocked: 'conflict',
  not_reachable: 'conflict',
  rules_exist: 'conflict',
  text_blocked: 'invalid',
  approval_decided: 'conflict',
  ticket_move_refused: 'conflict',
  ticket_move_forbidden: 'forbidden',
  ticket_fields_missing: 'invalid',
  ticket_closed: 'conflict',
  ticket_merged: 'conflict',
  ticket_over: 'conflict',
  wip_limit_reached: 'conflict',
  ticket_relation_cycle: 'conflict',
  ticket_relation_exists: 'conflict',
  ticket_type_disabled: 'invalid',
  ticket_type_in_use: 'conflict',
  ticket_field_in_use: 'conflict',
  calendar_without_hours: 'conflict',
  escalation_loop: 'conflict',
  escalation_unavailable: 'conflict',
  escalation_level_in_use: 'conflict',
  ticket_without_customer: 'conflict',
  ticket_files_full: 'conflict',
  checklist_full: 'conflict',
  ticket_without_solution: 'conflict',
  ticket_not_awaiting: 'conflict',
  ticket_reopen_over: 'conflict',
  ticket_urged: 'conflict',
  ticket_not_ended: 'conflict',
  ticket_rated: 'conflict',
  mention_unknown: 'invalid',
  category_cycle: 'conflict',
  category_not_empty: 'conflict',
  variable_unknown: 'invalid',
  variable_invalid: 'invalid',
  file_type_refused: 'invalid',
  file_empty: 'invalid',
  file_name_refused: 'invalid',
  image_too_large: 'invalid',
  attachment_not_ready: 'invalid',
  merge_undone: 'conflict',
  merge_too_old: 'conflict',
  merge_not_latest: 'conflict',
  segment_invalid: 'invalid',
  import_not_ready: 'conflict',
  import_has_errors: 'conflict',
  import_columns_missing: 'invalid',
  import_empty: 'invalid',
  export_expired: 'forbidden',
  spreadsheet_unreadable: 'invalid',
  spreadsheet_too_large: 'invalid',
  channel_kind_unknown: 'invalid',
  channel_config_invalid: 'invalid',
  channel_disabled: 'conflict',
  channel_unsupported: 'conflict',
  platform_refused: 'conflict',
  platform_unreachable: 'unavailable',
  signature_invalid: 'forbidden',
  rate_limited: 'rate_limited',
  unavailable: 'unavailable',
  internal: 'internal',
} as const satisfies Record<ErrorCode, ErrorKind>

type CodeOf<K extends ErrorKind> = { [C in ErrorCode]: (typeof KIND_OF)[C] extends K ? C : never }[ErrorCode]

/** `context`, never `details` or `data`: Hapi iterates the one and Boom takes the other. */
export abstract class AppError extends Error {
  abstract readonly kind: ErrorKind
  readonly code: ErrorCode
  readonly context: ErrorContext
  constructor(code: ErrorCode, message: string, context: ErrorContext) {
    super(message)
    this.name = new.target.name
    this.code = code
    this.context = context
  }
}

abstract class ErrorOf<K extends ErrorKind> extends AppError {
  abstract override readonly kind: K
  constructor(code: CodeOf<K>, message: string, context: ErrorContext = {}) {
    super(code, message, context)
  }
}

export class Invalid extends ErrorOf<'invalid'> {
  readonly kind = 'invalid'
}
export class Unauthenticated extends ErrorOf<'unauthenticated'> {
  readonly kind = 'unauthenticated'
}
export class Forbidden extends ErrorOf<'forbidden'> {
  readonly kind = 'forbidden'
}
/** Also for rows outside the caller's scope: hidden and missing look the same. */
export class NotFound extends ErrorOf<'not_found'> {
  readonly kind = 'not_found'
  constructor(noun: string, context: ErrorContext = {}) {
    super('not_found', `${noun} not found`, context)
  }
}
export class Conflict extends ErrorOf<'conflict'> {
  readonly kind = 'conflict'
}
export class RateLimited extends ErrorOf<'rate_limited'> {
  readonly kind = 'rate_limited'
  /** @param retryAfterSeconds whole seconds, ≥ 1 */
  constructor(retryAfterSeconds: number, code: CodeOf<'rate_limited'> = 'rate_limited') {
    super(code, 'too many attempts', { retryAfterSeconds })
  }
}
export class TooLarge extends ErrorOf<'too_large'> {
  readonly kind = 'too_large'
}
export class Unsupported extends ErrorOf<'unsupported'> {
  readonly kind = 'unsupported'
}
export class Unavailable extends ErrorOf<'unavailable'> {
  readonly kind = 'unavailable'
}
