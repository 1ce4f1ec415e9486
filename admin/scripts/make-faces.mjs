/**
 * Writes one SVG per WeChat face from Fluent Emoji (MIT, Microsoft) as packed by Iconify:
 *   node --import tsx admin/scripts/make-faces.mjs
 * The pictures are committed, so that neither the build nor the product needs the 8 MB of the whole set.
 */
import { createRequire } from 'node:module'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WECHAT_PANEL_FACES, WECHAT_RETIRED_FACES } from '../../api/contract/wechat-faces.ts'

const set = createRequire(import.meta.url)('@iconify-json/fluent-emoji-flat/icons.json')
const bodyOf = (name) => {
  const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent]
  if (!icon) throw new Error(`Fluent Emoji has no picture named ${name}`)
  return icon.body
}

const folder = fileURLToPath(new URL('../../api/assets/faces', import.meta.url))
const pictures = [...new Set([...WECHAT_PANEL_FACES, ...WECHAT_RETIRED_FACES].map((face) => face.picture))]

await mkdir(folder, { recursive: true })
const old = (await readdir(folder)).filter((file) => file.endsWith('.svg'))
await Promise.all(old.map((file) => rm(join(folder, file))))
for (const name of pictures) {
  await writeFile(join(folder, `${name}.svg`), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${bodyOf(name)}</svg>\n`)
}
console.log(`${pictures.length} pictures in ${folder}`)
