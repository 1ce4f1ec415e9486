import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { AlreadyRunning, lockDataFolder } from './instance-lock.ts'
import { factsOfProcess } from './process-facts.ts'

let folder: string
const file = () => join(folder, 'lianke.lock')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianke-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Another living process, as the holder of the lock. */
async function withNeighbour<Result>(use: (pid: number) => Result | Promise<Result>): Promise<Result> {
  const neighbour = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  try {
    return await use(neighbour.pid!)
  } finally {
    neighbour.kill('SIGKILL')
    await once(neighbour, 'exit')
  }
}

test('the second start is told which process holds the folder and where it listens', async () => {
  await withNeighbour((pid) => {
    writeFileSync(file(), JSON.stringify({ pid, startedAt: factsOfProcess(pid)!.startedAt, address: 'http://127.0.0.1:3000' }))
    expect(() => lockDataFolder(folder, 'http://127.0.0.1:3001')).toThrow(AlreadyRunning)
    expect(() => lockDataFolder(folder, 'http://127.0.0.1:3001')).toThrow(`pid ${pid}, http://127.0.0.1:3000`)
  })
})

test('a lock left behind by a killed process is taken over', async () => {
  const pid = await withNeighbour((living) => living)
  writeFileSync(file(), JSON.stringify({ pid, startedAt: '1', address: 'http://127.0.0.1:3000' }))
  const lock = lockDataFolder(folder, 'http://127.0.0.1:3001')
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid, address: 'http://127.0.0.1:3001' })
  lock.release()
})

test('a later process that was given the same pid does not count as the holder', async () => {
  await withNeighbour((pid) => {
    writeFileSync(file(), JSON.stringify({ pid, startedAt: 'long ago', address: 'http://127.0.0.1:3000' }))
    expect(() => lockDataFolder(folder, 'http://127.0.0.1:3001')).not.toThrow()
  })
})

test('a lock that was torn by a full disk is taken over', () => {
  writeFileSync(file(), '{"pid":')
  expect(() => lockDataFolder(folder, 'http://127.0.0.1:3000')).not.toThrow()
})

test('the address is told once it is known, and nothing stays behind after the release', () => {
  const lock = lockDataFolder(folder, 'http://127.0.0.1:0')
  lock.announce('http://127.0.0.1:3456')
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ address: 'http://127.0.0.1:3456' })
  lock.release()
  expect(readdirSync(folder)).toEqual([])
})
