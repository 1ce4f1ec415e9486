import { describe, expect, test } from '@jest/globals'
import pino from 'pino'
import type { InboundRecord, SenderKey } from '#api/modules/channels/index.ts'
import type { Received } from '#api/modules/intake/index.ts'
import { createLedger, type LedgerParts } from './ledger.ts'

const record = (externalKey: string, sender: string | null = 's'): InboundRecord => ({
  channelAccountId: 'a',
  externalKey,
  kind: 'message',
  sender,
  event: {},
  raw: '',
  occurredAt: '2026-03-01T12:00:00Z',
})
interface Work {
  how: 'with intake' | 'alone'
  keys: string[]
  finish(received?: Partial<Received>): void
  fail(error?: Error): void
}
/** Transactions that end when the test says so. */
function transactions() {
  const works: Work[] = []
  const waiting: SenderKey[] = []
  const unassigned: string[] = []
  const begin = (how: Work['how'], records: readonly InboundRecord[]) =>
    new Promise<Received>((resolve, reject) => {
      const keys = records.map(({ externalKey }) => externalKey)
      const received = { isNew: keys.map((key) => !key.startsWith('old')), opened: [], behind: [] }
      works.push({ how, keys, finish: (given = {}) => resolve({ ...received, ...given }), fail: (error = fault('22P02')) => reject(error) })
    })
  const parts: LedgerParts = {
    receive: (records) => begin('with intake', records),
    write: async (records) => (await begin('alone', records)).isNew,
    intake: { add: (senders) => void waiting.push(...senders) },
    assigner: { add: (ids) => void unassigned.push(...ids) },
    log: pino({ level: 'silent' }),
  }
  return { works, waiting, unassigned, ledger: createLedger(parts) }
}
const settled = async () => {
  for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve))
}
const fault = (code: string) => Object.assign(new Error('no'), { code })
const told = (works: readonly Work[]) => works.map(({ how, keys }) => [how, keys])

describe('group commit', () => {
  test('what arrives during a transaction goes into the next one, and everybody learns what was new', async () => {
    const { works, ledger } = transactions()
    const first = ledger.record([record('1')])
    await settled()
    const others = [ledger.record([record('2'), record('old-3')]), ledger.record([]), ledger.record([record('4')])]
    await settled()
    expect(told(works)).toEqual([['with intake', ['1']]])
    works[0]!.finish()
    expect(await first).toEqual([true])
    await settled()
    expect(told(works).slice(1)).toEqual([['with intake', ['2', 'old-3', '4']]])
    works[1]!.finish()
    expect(await Promise.all(others)).toEqual([[true, false], [], [true]])
  })

  test('nobody is answered before his row is committed, and new conversations are handed on after it', async () => {
    const { works, ledger, unassigned } = transactions()
    let answered = false
    void ledger.record([record('1')]).then(() => (answered = true))
    await settled()
    expect([answered, unassigned]).toEqual([false, []])
    works[0]!.finish({ opened: ['conversation'] })
    await ledger.idle()
    await settled()
    expect([answered, unassigned]).toEqual([true, ['conversation']])
  })

  test('a transaction carries at most 300 records, and one sender is never in two at once', async () => {
    const { works, ledger } = transactions()
    const all = Array.from({ length: 601 }, (_, index) => ledger.record([record(String(index))]))
    for (let turn = 0; turn < 3; turn++) {
      await settled()
      expect(works).toHaveLength(turn + 1)
      works[turn]!.finish()
    }
    await Promise.all(all)
    expect(works.map(({ keys }) => keys.length)).toEqual([300, 300, 1])
  })

  test('an event that nobody sent is a row and nothing else', async () => {
    const { works, waiting, ledger } = transactions()
    const stored = ledger.record([record('1', null)])
    await settled()
    expect(told(works)).toEqual([['alone', ['1']]])
    works[0]!.finish()
    expect([await stored, waiting]).toEqual([[true], []])
  })

  test('whoever has older events waiting goes behind them', async () => {
    const { works, waiting, ledger } = transactions()
    const stored = ledger.record([record('1')])
    await settled()
    works[0]!.finish({ behind: [{ channelAccountId: 'a', sender: 's' }] })
    expect([await stored, waiting]).toEqual([[true], [{ channelAccountId: 'a', sender: 's' }]])
  })
})

describe('F18 what goes wrong', () => {
  test('what cannot be processed is stored, answered, and left to the intake', async () => {
    const { works, waiting, ledger } = transactions()
    const batch = Promise.all(['1', 'old-2'].map((key) => ledger.record([record(key, key)])))
    await settled()
    for (const work of [...works]) work.fail()
    await settled()
    const stores = works.filter(({ how }) => how === 'alone')
    expect(stores.flatMap(({ keys }) => keys).sort()).toEqual(['1', 'old-2'])
    for (const work of stores) work.finish()
    expect(await batch).toEqual([[true], [false]])
    expect(waiting).toEqual([{ channelAccountId: 'a', sender: '1' }])
  })

  test.each([['22P02'], ['23503'], ['54000']])('a row that PostgreSQL refuses (%s) fails alone', async (code) => {
    const { works, ledger } = transactions()
    const batch = Promise.allSettled(['1', 'bad', '2'].map((key) => ledger.record([record(key)])))
    await settled()
    for (const [turn, ends] of [false, false, true, false, true].entries()) {
      await settled()
      if (ends) works[turn]!.finish()
      else works[turn]!.fail(fault(code))
    }
    expect((await batch).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(told(works).slice(2)).toEqual([
      ['alone', ['1']],
      ['alone', ['bad']],
      ['alone', ['2']],
    ])
  })

  test('F5 an outage is told to all at once, without a statement for each', async () => {
    const { works, ledger } = transactions()
    const batch = Promise.allSettled(['1', '2', '3'].map((key) => ledger.record([record(key)])))
    for (const turn of [0, 1]) {
      await settled()
      works[turn]!.fail(fault('57P01'))
    }
    expect((await batch).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(works).toHaveLength(2)
  })
})
