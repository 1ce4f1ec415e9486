import { readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@jest/globals'
import { baseCompile } from '@intlify/message-compiler'

/** The words of features, of shared parts and of codes; `import.meta.glob`, which gathers them, is Vite's. */
const root = path.join(import.meta.dirname, '../../admin/src')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(
    (file) =>
      /(^|\/)i18n\/[\w.-]+\.ts$|(words\.(zh-CN|en)|\.i18n)\.ts$/.test(file) && !/\.test\.ts$|^i18n\/(index|zh-CN|en)\.ts$/.test(file),
  )
  .map((file) => path.join(root, file))

function stringsIn(value: unknown, at: string): { at: string; text: string }[] {
  if (typeof value === 'string') return [{ at, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, `${at}.${key}`))
}

/** A sign that means something to the compiler (`@`, `{`, `|`) breaks a text only when it is first shown, and the part of the page with it. */
test('every text of the screens is one that can be shown', async () => {
  const broken: string[] = []
  let seen = 0
  for (const file of files) {
    const words: unknown = await import(pathToFileURL(file).href)
    for (const { at, text } of stringsIn(words, path.basename(file))) {
      seen += 1
      baseCompile(text, { onError: (error) => broken.push(`${at}: ${error.message} in “${text}”`) })
    }
  }
  expect(broken).toEqual([])
  expect(seen).toBeGreaterThan(3000)
})
