/** Where a rating is asked for and answered: by the customer's token in the chat, by a signed link on a page of its own. */
import { request } from '../chat/api.ts'
import type { Shape } from '../chat/shapes.ts'
import { isRecord } from '../record.ts'
import type { RatingAnswer, RatingFormState } from './wire.ts'

const isForm: Shape<RatingFormState> = (data): data is RatingFormState =>
  isRecord(data) && typeof data.invitationId === 'string' && typeof data.state === 'string' && Array.isArray(data.reasons)

export interface RatingSource {
  load(): Promise<RatingFormState>
  submit(answer: RatingAnswer): Promise<RatingFormState>
}

export const ratingInChat = (invitationId: string, token: () => string | null): RatingSource => ({
  load: () => request({ path: `/api/v1/web/ratings/${encodeURIComponent(invitationId)}`, init: {}, bearer: token(), shape: isForm }),
  submit: (answer) =>
    request({
      path: '/api/v1/web/ratings',
      init: { method: 'POST', body: JSON.stringify({ invitationId, ...answer }) },
      bearer: token(),
      shape: isForm,
    }),
})

export function ratingByLink(link: string): RatingSource {
  const path = `/api/v1/rating-links/${encodeURIComponent(link)}`
  return {
    load: () => request({ path, init: {}, bearer: null, shape: isForm }),
    submit: (answer) => request({ path, init: { method: 'POST', body: JSON.stringify(answer) }, bearer: null, shape: isForm }),
  }
}
