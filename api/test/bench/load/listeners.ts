/** Many sockets that only count what arrives. */
import { z } from 'zod'
import { serveQuestions } from '../child.ts'
import { targetSchema } from '../messages.ts'
import { openAgents } from './agents.ts'

const questionSchema = z.union([z.object({ open: targetSchema }), z.object({ expect: z.int() }), z.literal('all')])

let left = 0
let arrived = () => undefined
let all: Promise<void> = Promise.resolve()

function received(): void {
  if (--left === 0) arrived()
}

async function answer(question: z.infer<typeof questionSchema>): Promise<void> {
  if (question === 'all') return all
  if ('open' in question) return void (await openAgents(question.open, received))
  left = question.expect
  all = new Promise<void>((resolve) => {
    arrived = () => void resolve()
  })
}

serveQuestions((question) => answer(questionSchema.parse(question)))
