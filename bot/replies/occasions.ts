/** Which event is an occasion to say something, and what. Pure. */
import type { AutoText, WaitingFor } from '#api/contract/consultation.ts'
import type { Speech } from '#api/modules/conversations/index.ts'

export interface Occasion {
  text: AutoText
  importance: Speech['importance']
}

/** What is true of the conversation when the event is handled, which may be later than it happened. */
export interface Facts {
  status: 'queued' | 'open' | 'closed'
  waitingFor: WaitingFor | null
  /** It has been handed to an agent before. */
  served: boolean
  /** Our own page, which shows the queue, the teams and the form without a message. */
  livePage: boolean
}

const inform = (text: AutoText): Occasion => ({ text, importance: 'information' })
const confirm = (text: AutoText): Occasion => ({ text, importance: 'confirmation' })

const begun = ({ status, waitingFor, livePage }: Facts): Occasion | null => {
  if (status === 'closed') return null
  if (waitingFor === 'off_hours') return confirm('off_hours')
  if (waitingFor === 'team_choice') return livePage ? null : confirm('choice')
  return inform('welcome')
}

type Payload = Record<string, unknown>

const TELLS: Readonly<Record<string, (payload: Payload, facts: Facts) => Occasion | null>> = {
  // Still as it was when it began: what has been asked and answered meanwhile is not asked again.
  'conversation.queued': ({ waitingFor }, facts) => (waitingFor === undefined || waitingFor === facts.waitingFor ? begun(facts) : null),
  'conversation.choice-offered': (_payload, { waitingFor, livePage }) =>
    waitingFor === 'team_choice' && !livePage ? confirm('choice') : null,
  'conversation.entered-queue': ({ from }, { status }) => (from === 'off_hours' && status !== 'closed' ? inform('opened') : null),
  'conversation.assigned': (_payload, { status, served }) => (status === 'open' && !served ? inform('handed_over') : null),
  'queue.abandoned': ({ reason }) => {
    if (reason === 'page_gone') return null
    return inform(reason === 'customer_left' ? 'left_queue' : 'timed_out')
  },
  'queue.overflowed': (_payload, { status }) => (status === 'queued' ? confirm('overflow') : null),
  'contact-request.left': () => confirm('contact_received'),
}

/** @returns null: nothing is said, or not any more */
export const occasionOf = (name: string, payload: Payload, facts: Facts): Occasion | null => TELLS[name]?.(payload, facts) ?? null

export const OCCASIONS = Object.keys(TELLS)
