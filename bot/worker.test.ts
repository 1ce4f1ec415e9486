import { describe, expect, test } from '@jest/globals'
import pino from 'pino'
import { Worker } from './worker.ts'

/** Rows that wait, and work that ends when the test says so. */
function setUp(waiting: string[], slots = 2) {
  const begun: string[] = []
  const open = new Map<string, { finish(): void; fail(): void }>()
  const worker = new Worker<string>({
    name: 'test',
    slots,
    log: pino({ level: 'silent' }),
    claim: async (free) => waiting.splice(0, free),
    run: (item) =>
      new Promise((resolve, reject) => {
        begun.push(item)
        open.set(item, { finish: resolve, fail: () => reject(new Error('a defect')) })
      }),
  })
  return { worker, waiting, begun, open }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a worker', () => {
  test('fills its slots, and whoever ends one takes the next', async () => {
    const { worker, begun, open } = setUp(['a', 'b', 'c'])
    await worker.look()
    expect(begun).toEqual(['a', 'b'])
    open.get('b')!.finish()
    await settled()
    expect(begun).toEqual(['a', 'b', 'c'])
    open.get('a')!.finish()
    open.get('c')!.finish()
    await worker.idle()
  })

  test('goes on after a defect', async () => {
    const { worker, begun, open } = setUp(['a', 'b'], 1)
    await worker.look()
    open.get('a')!.fail()
    await settled()
    expect(begun).toEqual(['a', 'b'])
  })

  test('a ring during a look is not lost', async () => {
    const { worker, waiting, begun } = setUp([])
    const first = worker.look()
    waiting.push('late')
    await Promise.all([first, worker.look()])
    expect(begun).toEqual(['late'])
  })

  test('looks again when something falls due', async () => {
    const { worker, waiting, begun, open } = setUp([])
    await worker.look()
    waiting.push('due')
    worker.lookAfter(1)
    while (begun.length === 0) await settled()
    open.get('due')!.finish()
    await worker.idle()
  })

  test('a stopped one takes nothing new and waits for what runs', async () => {
    const { worker, waiting, begun, open } = setUp(['a'])
    await worker.look()
    let stopped = false
    const stopping = worker.stop(10_000).then(() => (stopped = true))
    waiting.push('b')
    await worker.look()
    await settled()
    expect(stopped).toBe(false)
    open.get('a')!.finish()
    await stopping
    expect(begun).toEqual(['a'])
  })

  test('a stopped one does not wait for ever', async () => {
    const { worker } = setUp(['a'])
    await worker.look()
    await worker.stop(20)
  })
})
