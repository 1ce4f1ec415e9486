import { expect, test } from '@jest/globals'
import pino from 'pino'
import type { App } from '#api/core/app.ts'
import { createSyncedClock } from './clock.ts'

const HOUR = 3_600_000

test("F11 the time is the database's, whatever our own clock says, and a jump is noticed when somebody asks", async () => {
  let offset = HOUR
  const app = { db: {}, log: pino({ level: 'silent' }), clock: { now: async () => new Date(Date.now() + offset) } } as unknown as App
  const clock = createSyncedClock(app)
  await clock.sync(-1)
  expect(clock.now().getTime() - Date.now()).toBeGreaterThan(HOUR - 1000)
  offset = 2 * HOUR
  expect(await clock.sync(60_000)).toBe(false)
  expect(clock.now().getTime() - Date.now()).toBeLessThan(HOUR + 1000)
  expect(await clock.sync(-1)).toBe(true)
  expect(clock.now().getTime() - Date.now()).toBeGreaterThan(2 * HOUR - 1000)
  clock.stop()
})
