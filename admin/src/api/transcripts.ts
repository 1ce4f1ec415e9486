import type { z } from 'zod'
import type { transcriptRequest } from '#api/contract/search.ts'
import { http } from './http.ts'

/** A conversation as a file. */
export const fetchTranscript = (conversationId: string, body: z.input<typeof transcriptRequest>): Promise<Blob> =>
  http.file(`/conversations/${encodeURIComponent(conversationId)}/transcript`, body)
