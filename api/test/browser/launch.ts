/** A headless Chromium for the browser tests: CHROMIUM_PATH, else the system's, else the one that comes with npm (Linux x64). */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { codeRoot } from '../../core/places.ts'

const SYSTEM_PATH = '/usr/bin/chromium'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

interface Executable {
  path: string
  env: Record<string, string>
}

/**
 * The caller closes it.
 * @param more arguments of its own, such as a microphone that is played
 * @throws with what to do when this machine has no browser: a browser test is never skipped in silence
 */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const { path, env } = await findExecutable()
  return chromium.launch({ executablePath: path, args: [...ARGUMENTS, ...more], headless: true, env: { ...definedEnvironment(), ...env } })
}

async function findExecutable(): Promise<Executable> {
  const named = process.env['CHROMIUM_PATH']
  // `bundled` lets one try the third way on a machine that has the second.
  if (named && named !== 'bundled') return { path: named, env: {} }
  if (named !== 'bundled' && existsSync(SYSTEM_PATH)) return { path: SYSTEM_PATH, env: {} }
  if (process.platform === 'linux' && process.arch === 'x64') return bundledExecutable()
  throw new Error('no browser for the browser tests: install Chromium or Chrome and set CHROMIUM_PATH to its program file')
}

const definedEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

/** Brings the libraries and the Chinese font that a bare machine lacks. */
async function bundledExecutable(): Promise<Executable> {
  const folder = await unpackedFolder()
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
}

/** Unpacked once per machine (1.4 s) and version, beside its final place and moved there, since several test files may ask at once. */
async function unpackedFolder(): Promise<string> {
  const folder = join(tmpdir(), `lianke-chromium-${packageVersion()}-${userInfo().uid}`)
  if (existsSync(folder)) return folder
  const draft = mkdtempSync(`${folder}-`)
  // The package unpacks into the temp folder, and its libraries only where it believes to be in its cloud: both are told by environment.
  const script = `await (await import('@sparticuz/chromium')).default.executablePath()`
  const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: codeRoot, env })
  writeFontConfiguration(draft, folder)
  try {
    renameSync(draft, folder)
  } catch {
    rmSync(draft, { recursive: true, force: true }) // another test file was quicker
  }
  return folder
}

function packageVersion(): string {
  const manifest = join(codeRoot, 'node_modules/@sparticuz/chromium/package.json')
  if (!existsSync(manifest)) throw new Error('no browser for the browser tests: npm install brings one, or set CHROMIUM_PATH')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return version
}

function writeFontConfiguration(draft: string, folder: string): void {
  mkdirSync(join(draft, 'fontconfig-cache'), { recursive: true })
  const fonts = join(codeRoot, 'api', 'assets', 'fonts')
  const lines = [
    '<fontconfig>',
    `<dir>${fonts}</dir>`,
    `<dir>${join(folder, 'fonts')}</dir>`,
    `<cachedir>${join(folder, 'fontconfig-cache')}</cachedir>`,
  ]
  writeFileSync(join(draft, 'fonts.conf'), `<?xml version="1.0"?>\n${lines.join('\n')}\n</fontconfig>\n`)
}
