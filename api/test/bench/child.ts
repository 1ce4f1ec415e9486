/** A process of the benchmark: forked, asked over its channel one question at a time, ended at the end. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const answerSchema = z.union([z.object({ answer: z.unknown() }), z.object({ failure: z.string() })])

export interface Child {
  ask<Schema extends z.ZodType>(question: unknown, schema: Schema): Promise<z.infer<Schema>>
  stop(): Promise<void>
}

const END_MS = 15_000

/** @param file relative to this folder; the process answers its questions with `serveQuestions` */
export function startChild(file: string, env: Record<string, string> = {}): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx'), '--max-semi-space-size=64', ...profiling(file)],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let turn: Promise<unknown> = Promise.resolve()
  return {
    ask(question, schema) {
      const asked = turn.then(() => askOnce(child, question))
      turn = asked.catch(() => undefined)
      return asked.then((answer) => schema.parse(answer))
    },
    stop: () => end(child),
  }
}

/** `BENCH_PROFILE=folder` writes a CPU profile of every server there. */
const profiling = (file: string) => {
  const folder = process.env['BENCH_PROFILE']
  return folder !== undefined && file.includes('server') ? ['--cpu-prof', '--cpu-prof-dir', folder] : []
}

async function askOnce(child: ChildProcess, question: unknown): Promise<unknown> {
  const ended = new AbortController()
  const gone = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`a process of the benchmark ended with code ${String(code)}`)
  })
  try {
    child.send({ question })
    const [message]: unknown[] = await Promise.race([once(child, 'message', { signal: ended.signal }), gone])
    const answer = answerSchema.parse(message)
    if ('failure' in answer) throw new Error(answer.failure)
    return answer.answer
  } finally {
    gone.catch(() => undefined)
    ended.abort()
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS)
  await gone
  clearTimeout(late)
}

/** The other side: runs in the forked process, and ends with its parent. */
export function serveQuestions(answer: (question: unknown) => unknown, stop: () => unknown = () => undefined): void {
  const questionSchema = z.object({ question: z.unknown() })
  process.on('message', (message) => {
    Promise.resolve()
      .then(() => answer(questionSchema.parse(message).question))
      .then(
        (result) => process.send?.({ answer: result ?? null }),
        (error: unknown) => process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      )
  })
  const end = () => void Promise.resolve(stop()).finally(() => process.exit(0))
  process.once('SIGTERM', end)
  process.once('disconnect', end)
  // Ctrl-C reaches the whole group; the parent ends its children itself.
  process.on('SIGINT', () => undefined)
}
