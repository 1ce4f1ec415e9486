import { z } from 'zod'
import { transcriptRequest } from '../../../contract/search.ts'
import { route } from '../../../core/http/route.ts'
import { conversationFor } from '../policy.ts'
import { asPdf, checkLength } from './as-pdf.ts'
import { asText } from './as-text.ts'
import { openTranscript } from './load-transcript.ts'

const TYPES = { txt: 'text/plain', pdf: 'application/pdf' } as const

export const transcriptRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/transcript',
    summary: 'A conversation as .txt or .pdf; the export is audited',
    tag: 'conversations',
    auth: { permission: 'conversations.export' },
    transaction: 'none',
    limit: { per: 'actor', max: 30, windowSeconds: 600 },
    params: z.strictObject({ id: z.uuid() }),
    body: transcriptRequest,
    example: { format: 'pdf', notes: false },
    response: 'binary',
    errors: ['transcript_too_long'],
    async handle(ctx, { params, body, h }) {
      if (body.format === 'pdf') checkLength((await conversationFor(ctx, params.id, 'view')).last_seq)
      const transcript = await openTranscript(ctx, params.id, body)
      const file = body.format === 'pdf' ? await asPdf(ctx.app, transcript) : asText(transcript)
      const response = h.response(file).type(TYPES[body.format])
      response.charset(body.format === 'txt' ? 'utf-8' : '')
      return response
        .header('content-disposition', `attachment; filename="conversation-${params.id}.${body.format}"`)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-store')
    },
  }),
]
