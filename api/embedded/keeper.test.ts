import { describe, expect, test } from '@jest/globals'
import { until } from '../test/until.ts'
import { keep } from './keeper.ts'

/** A server that dies when told and comes back after as many failures as told. */
function fakeServer(failures: number) {
  const state = { alive: true, restarts: 0 }
  return {
    state,
    kept: {
      name: 'Redis',
      alive: () => state.alive,
      async restart() {
        state.restarts++
        if (state.restarts <= failures) throw new Error('no room')
        state.alive = true
      },
    },
  }
}
const holds = (condition: () => boolean) =>
  until(async () => {
    if (!condition()) throw new Error('not yet')
  })

describe('servers that npm start brought up', () => {
  test('one that was killed is started again, and it is said', async () => {
    const { state, kept } = fakeServer(2)
    const said: string[] = []
    const stop = keep(
      [kept],
      (line) => said.push(line),
      (error) => said.push(error.message),
      1,
    )
    state.alive = false
    await holds(() => said.length === 2)
    expect([state.alive, state.restarts]).toEqual([true, 3])
    expect(said.join()).toMatch(/starting it again.*is back/)
    await stop()
  })

  test('one that cannot be had any more ends the product with a clear line, once', async () => {
    const { state, kept } = fakeServer(99)
    const reasons: string[] = []
    const stop = keep(
      [kept],
      () => {},
      ({ message }) => reasons.push(message),
      1,
    )
    state.alive = false
    await holds(() => reasons.length > 0)
    await stop()
    expect(reasons).toEqual([expect.stringMatching(/Redis.*cannot be started again: no room/)])
  })

  test('what ends because the product ends stays ended', async () => {
    const { state, kept } = fakeServer(0)
    const stop = keep(
      [kept],
      () => {},
      () => {},
      1,
    )
    await stop()
    state.alive = false
    await new Promise((resolve) => setImmediate(resolve))
    expect(state.restarts).toBe(0)
  })
})
