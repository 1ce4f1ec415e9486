/** Shapes of rating, from the contract: as types alone. */
import type { z } from 'zod'
import type { linkRatingRequest } from '#api/contract/rating.ts'

export type { RatingFormState, RatingLevel, RatingReason } from '#api/contract/rating.ts'
export type RatingAnswer = z.input<typeof linkRatingRequest>
