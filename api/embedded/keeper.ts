import { setTimeout as sleep } from 'node:timers/promises'
import type { Say } from './say.ts'

/** A server that was started for the product and has to be there as long as it runs. */
export interface Kept {
  name: string
  alive(): boolean
  /** On the address it had: nobody has to be told. */
  restart(): Promise<void>
}

export const LOOK_EVERY_MS = 1000
const TRIES = 5

/**
 * Starts again what ended by itself (killed, out of memory). Both servers keep their data on disk, and the product connects again by itself.
 * @param giveUp called once, when a server cannot be had any more
 * @returns ends the watch, and waits for a restart under way
 */
export function keep(servers: readonly Kept[], say: Say, giveUp: (error: Error) => void, lookEveryMs = LOOK_EVERY_MS): () => Promise<void> {
  const ending = new AbortController()
  const { signal } = ending
  const ended = () => signal.aborted
  const pause = () => sleep(lookEveryMs, undefined, { signal, ref: false }).catch(() => {}) // woken to end
  const watching = servers.map(async (server) => {
    while (!ended()) {
      await pause()
      if (ended() || server.alive()) continue
      say(`${server.name} 意外退出，正在重新启动 · ${server.name} has ended, starting it again`)
      const failure = await revive(server, pause, ended)
      if (ended()) return
      if (failure) return giveUp(new Error(`${server.name} 无法重新启动 · cannot be started again: ${failure}`))
      say(`${server.name} 已恢复 · is back`)
    }
  })
  return async () => {
    ending.abort()
    await Promise.all(watching)
  }
}

/** @returns why it is not back after some tries; a killed PostgreSQL needs a moment until its last child is gone */
async function revive(server: Kept, pause: () => Promise<void>, ended: () => boolean): Promise<string | null> {
  let failure = ''
  for (let tries = 0; tries < TRIES && !ended(); tries++) {
    try {
      await server.restart()
      return null
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
      await pause()
    }
  }
  return failure
}
