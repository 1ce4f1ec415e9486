import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'

const source = fileURLToPath(new URL('../src/', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(vue|css|ts)$/.test(file))

it('no style names a token that does not exist: such a colour is left out without a word', () => {
  const texts = files.map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }))
  const known = new Set(texts.flatMap(({ text }) => [...text.matchAll(/(--lk-[a-z0-9-]+)\s*:/g)].map(([, name]) => name)))
  const unknown = texts.flatMap(({ file, text }) =>
    [...text.matchAll(/var\((--lk-[a-z0-9-]+)[),]/g)].flatMap(([, name]) => (known.has(name) ? [] : [`${file}: ${name ?? ''}`])),
  )
  expect(known.size).toBeGreaterThan(30)
  expect(unknown).toEqual([])
})
