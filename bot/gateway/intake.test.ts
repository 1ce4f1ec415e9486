import { describe, expect, test } from '@jest/globals'
import pino from 'pino'
import type { SenderKey } from '#api/modules/channels/index.ts'
import { createIntake } from './intake.ts'

const log = pino({ level: 'silent' })
const sender = (name: string): SenderKey => ({ channelAccountId: 'account', sender: name })
/** Two turns of the event loop: a batch gathers for one. */
const settled = async () => {
  for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve))
}

describe('intake', () => {
  test('a sender is never in two batches at once; what he sent meanwhile is one more batch', async () => {
    const batches: string[][] = []
    const open: (() => void)[] = []
    const intake = createIntake((senders) => {
      batches.push(senders.map((key) => key.sender))
      return new Promise((resolve) => open.push(resolve))
    }, log)
    intake.add([sender('anna')])
    await settled()
    intake.add([sender('anna')])
    intake.add([sender('anna')])
    expect(batches).toEqual([['anna']])
    open[0]!()
    await settled()
    expect(batches).toEqual([['anna'], ['anna']])
    open[1]!()
    await intake.idle()
    expect(batches).toHaveLength(2)
  })

  test('many senders share the shards, and a batch has at most 300', async () => {
    const sizes: number[] = []
    const intake = createIntake(async (senders) => void sizes.push(senders.length), log)
    intake.add(Array.from({ length: 4000 }, (_, index) => sender(`person-${index}`)))
    await intake.idle()
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(4000)
    expect(Math.max(...sizes)).toBe(300)
    expect(sizes.length).toBeLessThan(24)
  })

  test('F5 after an outage the same senders are tried again', async () => {
    let tries = 0
    const done: string[] = []
    const intake = createIntake(async (senders) => {
      if (++tries === 1) throw new Error('database away')
      done.push(...senders.map((key) => key.sender))
    }, log)
    intake.add([sender('anna')])
    await intake.idle()
    expect([tries, done]).toEqual([2, ['anna']])
  })

  test('a stop does not wait for what the ledger keeps anyway', async () => {
    const intake = createIntake(async () => {
      throw new Error('database away')
    }, log)
    intake.add([sender('anna')])
    await settled()
    await intake.stop()
    intake.add([sender('bert')])
    await intake.idle()
  })
})
