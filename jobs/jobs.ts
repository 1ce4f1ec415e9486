/** The clock and the relay of one process. */
import type { App } from '#api/core/app.ts'
import { serveListeners } from './relay.ts'
import { runSchedules } from './schedules.ts'
import { ringEverything } from './sweepers/ring-everything.ts'

export function startJobs(app: App): { stop(): Promise<void> } {
  serveListeners(app)
  const schedules = runSchedules(app)
  const sweeper = ringEverything(app)
  return {
    async stop() {
      sweeper.stop()
      await schedules.stop()
    },
  }
}
