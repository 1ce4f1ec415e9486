/**
 * New conversations get their agent beside the intake, those who wait together: nobody's message waits for somebody else's assignment.
 * What is lost with the process is found by the schedule that hands out the queue.
 */
import type { App } from '#api/core/app.ts'
import { drainQueue } from '#api/modules/conversations/index.ts'

export interface Assigner {
  /** Somebody waits: the queue is handed out in its order, whoever is first in it. Returns at once. */
  add(conversationIds: readonly string[]): void
  idle(): Promise<void>
  /** Ends after the round under way. */
  stop(): Promise<void>
}

export function createAssigner(app: App): Assigner {
  let waiting = 0
  let running: Promise<void> | null = null

  const run = async () => {
    while (waiting > 0) {
      const conversations = waiting
      waiting = 0
      try {
        await drainQueue(app)
      } catch (error) {
        app.log.error({ conversations, error: String(error) }, 'intake.not_assigned')
      }
    }
    running = null
  }
  const idle = async () => {
    await running
  }
  return {
    add(conversationIds) {
      waiting += conversationIds.length
      if (waiting > 0) running ??= run()
    },
    idle,
    stop() {
      waiting = 0
      return idle()
    },
  }
}
