/**
 * New conversations get their agent beside the intake, those who wait together: nobody's message waits for somebody else's assignment.
 * What is lost with the process is found by the schedule that hands out the queue.
 */
import type { App } from '#api/core/app.ts'
import { assignConversations } from '#api/modules/conversations/index.ts'

const MAX_AT_ONCE = 100

export interface Assigner {
  /** Returns at once. */
  add(conversationIds: readonly string[]): void
  idle(): Promise<void>
  /** Ends after the assignment under way. */
  stop(): Promise<void>
}

export function createAssigner(app: App): Assigner {
  let waiting: string[] = []
  let running: Promise<void> | null = null

  const run = async () => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_AT_ONCE)
      try {
        // Nobody has room: whoever comes free takes from the queue.
        if (!(await assignConversations(app, batch))) waiting = []
      } catch (error) {
        app.log.error({ conversations: batch.length, error: String(error) }, 'intake.not_assigned')
      }
    }
    running = null
  }
  const idle = async () => {
    await running
  }
  return {
    add(conversationIds) {
      waiting.push(...conversationIds)
      if (waiting.length > 0) running ??= run()
    },
    idle,
    stop() {
      waiting = []
      return idle()
    },
  }
}
