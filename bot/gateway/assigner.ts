/**
 * New conversations get their agent beside the intake, those who wait together: nobody's message waits for somebody else's assignment.
 * What is lost with the process is found by the schedule that hands out the queue.
 */
import type { App } from '#api/core/app.ts'
import { busyAssigned, drainQueue } from '#api/modules/conversations/index.ts'

export interface Assigner {
  /** Somebody waits: the queue is handed out in its order, whoever is first in it. Returns at once. */
  add(conversationIds: readonly string[]): void
  idle(): Promise<void>
  /** Ends after the rounds that were asked for. */
  stop(): Promise<void>
}

export function createAssigner(app: App): Assigner {
  const running = new Set<Promise<void>>()

  const assign = async (conversations: number) => {
    try {
      await drainQueue(app)
    } catch (error) {
      app.log.error({ conversations, error: String(error) }, 'intake.not_assigned')
    }
  }
  const idle = async () => {
    await Promise.all(running)
    await busyAssigned(app)
  }
  return {
    // Not one after the other: who asks during a round shares the next one, and none waits for what somebody has in hand.
    add(conversationIds) {
      if (conversationIds.length === 0) return
      const run = assign(conversationIds.length).finally(() => running.delete(run))
      running.add(run)
    },
    idle,
    stop: idle,
  }
}
