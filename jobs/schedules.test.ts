import { describe, expect, it } from '@jest/globals'
import type { App } from '#api/core/app.ts'
import { oneRunOfEach } from './schedules.ts'

/** The schedules of this test use nothing of it. */
const app = {} as App

function counted(name: string) {
  let runs = 0
  const open: (() => void)[] = []
  const run = () => {
    runs += 1
    return new Promise<void>((resolve) => open.push(resolve))
  }
  return { schedule: { name, everySeconds: 1, run }, runs: () => runs, finish: () => open.splice(0).forEach((resolve) => resolve()) }
}

describe('runs of schedules', () => {
  it('leave out the next one of a name while one is under way, and take it afterwards', async () => {
    const run = oneRunOfEach(app)
    const slow = counted('slow')
    const first = run(slow.schedule)
    await run(slow.schedule)
    expect(slow.runs()).toBe(1)
    slow.finish()
    await first
    const next = run(slow.schedule)
    expect(slow.runs()).toBe(2)
    slow.finish()
    await next
  })

  it('do not wait for those of another name', () => {
    const run = oneRunOfEach(app)
    const [slow, quick] = [counted('slow'), counted('quick')]
    void run(slow.schedule)
    void run(quick.schedule)
    expect(quick.runs()).toBe(1)
  })

  it('begin again after one that failed', async () => {
    const run = oneRunOfEach(app)
    let runs = 0
    const schedule = { name: 'broken', everySeconds: 1, run: () => Promise.reject(new Error(`run ${(runs += 1)}`)) }
    await expect(run(schedule)).rejects.toThrow('run 1')
    await expect(run(schedule)).rejects.toThrow('run 2')
  })
})
