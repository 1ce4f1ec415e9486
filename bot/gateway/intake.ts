/**
 * Hands senders with new events to the intake. Shards by sender keep a person's events in order and let several batches run at once;
 * what arrives while a batch runs is merged into the next one.
 */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#api/core/logger.ts'
import type { SenderKey } from '#api/modules/channels/index.ts'

export const SHARDS = 2
const MAX_SENDERS = 300
const FIRST_WAIT_MS = 500
const MAX_WAIT_MS = 30_000

export interface Intake {
  /** Returns at once. */
  add(senders: readonly SenderKey[]): void
  idle(): Promise<void>
  /** Ends after the batches that run; what waits is in the ledger. */
  stop(): Promise<void>
}

/** @param receive takes every waiting event of these senders; throws only on an outage */
export function createIntake(receive: (senders: SenderKey[]) => Promise<void>, log: Logger): Intake {
  const ending = new AbortController()
  const shards = Array.from({ length: SHARDS }, () => createShard(receive, log, ending.signal))
  const idle = async () => {
    await Promise.all(shards.map((shard) => shard.idle()))
  }
  return {
    add(senders) {
      for (const sender of senders) shards[shardOf(sender)]?.add(sender)
    },
    idle,
    stop() {
      ending.abort()
      return idle()
    },
  }
}

/** One sender, one shard. FNV-1a: cheap and even enough. */
export function shardOf({ channelAccountId, sender }: SenderKey): number {
  let hash = 0x811c9dc5
  const key = channelAccountId + sender
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % SHARDS
}

function createShard(receive: (senders: SenderKey[]) => Promise<void>, log: Logger, ending: AbortSignal) {
  const waiting = new Map<string, SenderKey>()
  let running: Promise<void> | null = null

  const remember = (sender: SenderKey) => void waiting.set(`${sender.channelAccountId} ${sender.sender}`, sender)
  const takeBatch = (): SenderKey[] => {
    const batch: SenderKey[] = []
    for (const [key, sender] of waiting) {
      if (batch.length === MAX_SENDERS) break
      batch.push(sender)
      waiting.delete(key)
    }
    return batch
  }
  const run = async () => {
    // One commit of the ledger lets many callbacks go on: they make one batch.
    await turn()
    for (let wait = FIRST_WAIT_MS; waiting.size > 0 && !ending.aborted;) {
      const batch = takeBatch()
      try {
        await receive(batch)
        wait = FIRST_WAIT_MS
      } catch (error) {
        log.error({ senders: batch.length, error: String(error) }, 'intake.failed')
        batch.forEach(remember)
        await sleep(wait, undefined, { signal: ending }).catch(() => {}) // woken to end
        wait = Math.min(MAX_WAIT_MS, wait * 2)
      }
    }
    running = null
  }
  return {
    add(sender: SenderKey) {
      if (ending.aborted) return
      remember(sender)
      running ??= run()
    },
    async idle() {
      while (running) await running
    },
  }
}
