/** The browser's half: built by Vite when it is missing or its sources have changed. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeRoot, pagesRoot, transpiled } from '#api/core/places.ts'
import type { Say } from './say.ts'

export interface PageSet {
  /** For people and file names: `admin`, `adapters-web-client`. */
  name: string
  /** Its Vite configuration, which says where below `dist/pages` the result goes. */
  config: string
  /** Folders whose content decides whether a build is fresh. */
  sources: string[]
}

/** Every page set of the product: `admin`, and whatever a channel brings (`client/`, `simulator/page/`). */
export function pageSets(): PageSet[] {
  const adapters = readdirSync(join(codeRoot, 'adapters')).sort()
  const folders = ['admin', ...adapters.flatMap((name) => [`adapters/${name}/client`, `adapters/${name}/simulator/page`])]
  return folders
    .map((folder) => ({
      name: folder.replaceAll('/', '-'),
      config: join(codeRoot, folder, 'vite.config.ts'),
      // A channel's pages may take from the channel's other files, so the whole channel counts.
      sources: [folder.split('/').slice(0, 2).join('/'), 'api/contract'].map((path) => join(codeRoot, path)),
    }))
    .filter(({ config }) => existsSync(config))
}

/**
 * Builds the page sets that are missing or stale, all at once, each in a process of its own. Does nothing in the transpiled tree, which
 * comes with its pages.
 * @param options.only builds the sets with such a name alone
 * @throws with Vite's own words when a build fails
 */
export async function buildPages(options: { log: Say; signal?: AbortSignal; only?: RegExp | undefined }): Promise<void> {
  if (transpiled) return
  const wanted = pageSets().filter(({ name }) => !options.only || options.only.test(name))
  const stale = wanted.flatMap((set) => {
    const hash = contentHash(set)
    return stampOf(set) === hash ? [] : [{ set, hash }]
  })
  if (stale.length === 0) return
  options.log(`正在构建页面 · building pages: ${stale.map(({ set }) => set.name).join(', ')}`)
  await Promise.all(stale.map(({ set, hash }) => build(set, hash, options.signal)))
}

const stampFile = (set: PageSet) => join(pagesRoot, '.built', set.name)

function stampOf(set: PageSet): string | undefined {
  return existsSync(stampFile(set)) ? readFileSync(stampFile(set), 'utf8') : undefined
}

function contentHash(set: PageSet): string {
  const hash = createHash('sha256').update(readFileSync(join(codeRoot, 'package-lock.json')))
  for (const file of set.sources.flatMap(filesBelow)) {
    hash.update(relative(codeRoot, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|fixtures)[\\/]|\.test\.ts$|\.md$/.test(file))
    .sort()
}

async function build(set: PageSet, hash: string, signal: AbortSignal | undefined): Promise<void> {
  rmSync(stampFile(set), { force: true })
  const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin', 'vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--config', set.config, '--logLevel', 'warn'], {
    cwd: codeRoot,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal ? { signal } : {}),
  })
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [code, output, complaints] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  if (code !== 0) throw new Error(`the pages of ${set.name} could not be built:\n${output}${complaints}`)
  mkdirSync(dirname(stampFile(set)), { recursive: true })
  writeFileSync(stampFile(set), hash)
}
