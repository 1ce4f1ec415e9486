/** What one callback costs the processor: signature, decryption and both layers of XML. In this process, parser after parser. */
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import wechatOfficial from '#adapters/wechat-official/index.ts'
import { configSchema } from '#adapters/wechat-official/config.ts'
import { sealedCallback } from '../load/sealed-callback.ts'
import { textWith } from '../load/message-key.ts'
import type { Case } from '../measurements.ts'
import { checkSignature, decrypt, readCallback } from '../references/read-callback.ts'
import { CONVERSATIONS, officialAccount } from '../settings.ts'
import { median } from '../statistics.ts'

const SLICE_MS = 500
const BATCH = 64

const callbacks = Array.from({ length: 256 }, (_, number) => {
  const { query, body } = sealedCallback(number % CONVERSATIONS, String(2_400_000_000 + number), textWith(String(number)))
  return { query, body, bytes: Buffer.from(body) }
})
type Sample = (typeof callbacks)[number]

const account = { id: 'bench', kind: 'wechat-official', config: configSchema.parse(officialAccount) }

function product({ query, bytes }: Sample): void {
  const request = { method: 'POST' as const, rawQuery: query, headers: {}, body: bytes }
  const verified = wechatOfficial.verify?.(request, account, new Date())
  if (!verified || !('payload' in verified)) throw new Error('refused')
  wechatOfficial.parse?.(verified.payload, account)
}

const library = new XMLParser({ parseTagValue: false, ignoreAttributes: true })
const parsed = z.object({ xml: z.record(z.string(), z.string()) })

function withLibrary({ query, bytes }: Sample): void {
  const { Encrypt: sealed = '' } = parsed.parse(library.parse(bytes.toString())).xml
  checkSignature(new URLSearchParams(query), sealed)
  parsed.parse(library.parse(decrypt(sealed)))
}

const byHand = ({ query, bytes }: Sample) => void readCallback(query, bytes.toString())

/** @returns calls a second */
function rateOf(read: (sample: Sample) => void): number {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < SLICE_MS) {
    for (let number = 0; number < BATCH; number++) {
      const sample = callbacks[(count + number) % callbacks.length]
      if (sample) read(sample)
    }
    count += BATCH
  }
  return (count / (performance.now() - start)) * 1000
}

export const callbackCpu: Case = {
  ids: ['callback-cpu'],
  run: (bench) => {
    const readers = { product, withLibrary, byHand }
    const rates = { product: [0], withLibrary: [0], byHand: [0] }
    for (const name of ['product', 'withLibrary', 'byHand'] as const) {
      rateOf(readers[name])
      rates[name].length = 0
    }
    for (let round = 0; round < bench.rounds * 2; round++) {
      for (const name of ['product', 'withLibrary', 'byHand'] as const) rates[name].push(rateOf(readers[name]))
    }
    const figure = (id: string, title: string, reference: number, atLeast: number) => ({
      id,
      title,
      product: median(rates.product),
      reference,
      unit: 'callbacks/s',
      must: { atLeast },
    })
    return Promise.resolve([
      figure('callback-cpu.library', 'verify, decrypt, parse on one core, beside fast-xml-parser', median(rates.withLibrary), 2),
      figure('callback-cpu.hand', 'the same, beside a hand parser of flat XML without checks', median(rates.byHand), 0.5),
    ])
  },
}
