/**
 * Which lines of the system a customer's page gets, and how much of each: who serves him and that he is served, never why it is this one, who had it
 * before, or how busy anybody is. What is not named here is ours alone (S22).
 */
import type { MessagePart } from '../../contract/message.ts'

type Notice = Extract<MessagePart, { type: 'notice' }>
type Shown = (params: Notice['params']) => Pick<Notice, 'code' | 'params'>

const only =
  (code: string, ...keys: string[]): Shown =>
  (params) => ({ code, params: Object.fromEntries(keys.flatMap((key) => (params[key] === undefined ? [] : [[key, params[key]]]))) })

/** Passed on by people; to the customer all the same. */
const PASSED_ON: ReadonlySet<unknown> = new Set(['transferred', 'taken_over', 'handed_over', 'assigned_by_hand'])

/** Ends that he brought about himself, or must understand. */
const TOLD: ReadonlySet<string> = new Set(['resolved', 'customer', 'customer_left', 'timed_out', 'page_gone', 'off_hours'])

/** Why it ended, as far as it is his business. */
const toldReason = (reason: Notice['params'][string] | undefined): string => {
  if (reason === 'idle' || reason === 'no_reply') return 'no_reply'
  return typeof reason === 'string' && TOLD.has(reason) ? reason : 'other'
}

const SHOWN: Readonly<Record<string, Shown>> = {
  conversation_assigned: (params) =>
    only(PASSED_ON.has(params['reason']) ? 'conversation_transferred' : 'conversation_assigned', 'name')(params),
  conversation_returned: only('conversation_requeued'),
  conversation_queued: only('conversation_queued', 'position'),
  conversation_closed: ({ reason }) => ({ code: 'conversation_closed', params: { reason: toldReason(reason) } }),
  message_withheld: only('message_withheld'),
  conversation_reopened: only('conversation_reopened'),
  off_hours: only('off_hours'),
  customer_waits_for_opening: only('customer_waits_for_opening'),
  // His own words.
  contact_request: only('contact_request', 'name', 'contact'),
}

export function noticesForCustomer(parts: readonly MessagePart[]): MessagePart[] {
  return parts.flatMap((part) => {
    if (part.type !== 'notice') return part
    const shown = SHOWN[part.code]?.(part.params)
    return shown ? { type: 'notice', ...shown } : []
  })
}
