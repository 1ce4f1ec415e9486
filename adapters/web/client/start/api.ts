/** What a customer does before anybody serves him: by his token in the chat, by a signed link on a page of its own. */
import type { z } from 'zod'
import type { ContactPage, LinkedContactForm, teamChoiceRequest } from '#api/contract/consultation.ts'
import { request } from '../chat/api.ts'
import { isNothing, type Shape } from '../chat/shapes.ts'
import { isRecord } from '../record.ts'

export type { ContactPage } from '#api/contract/consultation.ts'
export type ContactForm = LinkedContactForm
type Choice = z.infer<typeof teamChoiceRequest>

const isContactPage: Shape<ContactPage> = (data): data is ContactPage =>
  isRecord(data) && typeof data.title === 'string' && typeof data.state === 'string'

const post = (path: string, body: unknown, bearer: string | null): Promise<null> =>
  request({ path, init: { method: 'POST', body: JSON.stringify(body) }, bearer, shape: isNothing })

export interface StartApi {
  choose(choice: Choice): Promise<null>
  leave(conversationId: string): Promise<null>
  /** Closes what somebody serves. */
  end(conversationId: string): Promise<null>
  waitForOpening(conversationId: string): Promise<null>
  leaveWord(conversationId: string, form: ContactForm): Promise<null>
}

export const startInChat = (token: () => string | null): StartApi => ({
  choose: (choice) => post('/api/v1/web/team-choice', choice, token()),
  leave: (conversationId) => post('/api/v1/web/leave-queue', { conversationId }, token()),
  end: (conversationId) => post('/api/v1/web/close', { conversationId }, token()),
  waitForOpening: (conversationId) => post('/api/v1/web/wait-for-opening', { conversationId }, token()),
  leaveWord: (conversationId, form) => post('/api/v1/web/off-hours', { conversationId, ...form }, token()),
})

const linkPath = (link: string) => `/api/v1/web/contact/${encodeURIComponent(link)}`
export const openContactPage = (link: string): Promise<ContactPage> =>
  request({ path: linkPath(link), init: {}, bearer: null, shape: isContactPage })
export const leaveWordByLink = (link: string, form: ContactForm): Promise<null> => post(linkPath(link), form, null)
