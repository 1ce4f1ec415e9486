import { describe, expect, test } from '@jest/globals'
import type { App } from '#api/core/app.ts'
import type { InboundRecord } from '#api/modules/channels/index.ts'
import { createLedger } from './ledger.ts'

const record = (externalKey: string): InboundRecord => ({
  channelAccountId: 'a',
  externalKey,
  kind: 'message',
  sender: 's',
  event: {},
  raw: '',
  occurredAt: '2026-03-01T12:00:00Z',
})
/** Statements that end when the test says so. */
function statements() {
  const written: string[][] = []
  const open: { finish(): void; fail(error: Error): void }[] = []
  const write = (records: readonly InboundRecord[]) =>
    new Promise<boolean[]>((resolve, reject) => {
      written.push(records.map(({ externalKey }) => externalKey))
      open.push({ finish: () => resolve(records.map(({ externalKey }) => !externalKey.startsWith('old'))), fail: reject })
    })
  return { written, open, ledger: createLedger({} as App, write) }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))
const fault = (code: string) => Object.assign(new Error('no'), { code })

describe('group commit', () => {
  test('what arrives during a statement goes into the next one, and everybody learns what was new', async () => {
    const { written, open, ledger } = statements()
    const first = ledger.record([record('1')])
    const others = [ledger.record([record('2'), record('old-3')]), ledger.record([]), ledger.record([record('4')])]
    expect(written).toEqual([['1']])
    open[0]!.finish()
    expect(await first).toEqual([true])
    await settled()
    expect(written).toEqual([['1'], ['2', 'old-3', '4']])
    open[1]!.finish()
    expect(await Promise.all(others)).toEqual([[true, false], [], [true]])
  })

  test('nobody is answered before his row is written', async () => {
    const { open, ledger } = statements()
    let answered = false
    void ledger.record([record('1')]).then(() => (answered = true))
    await settled()
    expect(answered).toBe(false)
    open[0]!.finish()
    await ledger.idle()
    await settled()
    expect(answered).toBe(true)
  })

  test('a statement carries at most 500 records', async () => {
    const { written, open, ledger } = statements()
    const all = Array.from({ length: 1001 }, (_, index) => ledger.record([record(String(index))]))
    for (let statement = 0; statement < 3; statement++) {
      open[statement]!.finish()
      await settled()
    }
    await Promise.all(all)
    expect(written.map(({ length }) => length)).toEqual([1, 500, 500])
  })
})

describe('F18 what goes wrong', () => {
  test.each([['22P02'], ['23503'], ['54000']])('a row that PostgreSQL refuses (%s) fails alone', async (code) => {
    const { open, ledger } = statements()
    const first = ledger.record([record('0')])
    const batch = Promise.allSettled(['1', 'bad', '2'].map((key) => ledger.record([record(key)])))
    open[0]!.finish()
    await first
    await settled()
    open[1]!.fail(fault(code))
    for (const statement of [2, 3, 4]) {
      await settled()
      if (statement === 3) open[statement]!.fail(fault(code))
      else open[statement]!.finish()
    }
    const outcomes = await batch
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('an outage is told to all at once, without a statement for each', async () => {
    const { written, open, ledger } = statements()
    const first = ledger.record([record('0')])
    const batch = Promise.allSettled(['1', '2', '3'].map((key) => ledger.record([record(key)])))
    open[0]!.finish()
    await first
    await settled()
    open[1]!.fail(fault('57P01'))
    const outcomes = await batch
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(written).toHaveLength(2)
  })
})
