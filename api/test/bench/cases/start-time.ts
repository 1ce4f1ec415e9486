/** `npm start` until it is ready to serve: with nothing there, and once more over the same data. The pages are built before. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../embedded/free-port.ts'
import { buildPages } from '../../../embedded/pages.ts'
import { codeRoot } from '../../../core/places.ts'
import type { Case, Figure } from '../measurements.ts'

const PATIENCE_MS = 60_000

async function secondsToReady(dataDir: string): Promise<number> {
  const port = await freePort()
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env
  const start = performance.now()
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/embedded/start.ts'], {
    cwd: codeRoot,
    env: { ...inherited, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null || performance.now() - start > PATIENCE_MS) throw new Error('npm start did not become ready')
      await sleep(20)
    }
    return (performance.now() - start) / 1000
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

export const startTime: Case = {
  ids: ['start'],
  async run({ services, say }) {
    await buildPages({ log: say })
    const dataDir = join(services.folder, 'start')
    mkdirSync(dataDir)
    chmodSync(dataDir, 0o711)
    const figure = (id: string, title: string, product: number): Figure => ({
      id,
      title,
      product,
      reference: null,
      unit: 's',
      must: { atMost: 15 },
    })
    return [
      figure('start.first', 'npm start to ready: no data yet, pages built', await secondsToReady(dataDir)),
      figure('start.again', 'npm start to ready: over the same data', await secondsToReady(dataDir)),
    ]
  },
}
