import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode } from './error-code.ts'
import { factsOfProcess } from './process-facts.ts'

const holderSchema = z.object({ pid: z.int(), startedAt: z.string(), address: z.string() })

export type LockHolder = z.infer<typeof holderSchema>

export class AlreadyRunning extends Error {
  readonly holder: LockHolder

  constructor(holder: LockHolder) {
    super(`already running: pid ${holder.pid}, ${holder.address}`)
    this.holder = holder
  }
}

export interface InstanceLock {
  /** Tells later starts where this one can be reached. */
  announce(address: string): void
  release(): void
}

/**
 * One process at a time per data folder. A lock whose holder no longer lives (power cut, kill -9) is taken over.
 * @throws AlreadyRunning naming the process that holds the folder
 */
export function lockDataFolder(dataDir: string, address: string): InstanceLock {
  const file = join(dataDir, 'lianke.lock')
  while (!tryCreate(file, address)) removeIfStale(file)
  return {
    announce: (reachedAt) => replace(file, describeSelf(reachedAt)),
    release: () => {
      if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true })
    },
  }
}

function describeSelf(address: string): LockHolder {
  return { pid: process.pid, startedAt: factsOfProcess(process.pid)?.startedAt ?? '', address }
}

/** A link appears with its whole content at once, so nobody ever reads half a lock. */
function tryCreate(file: string, address: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(describeSelf(address)))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function removeIfStale(file: string): void {
  const holder = readHolder(file)
  if (holder && isAlive(holder)) throw new AlreadyRunning(holder)
  // Two starts may both have seen the stale lock: move it aside first, and put it back when it turns out to be the other's new one.
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return // the other start was quicker
  }
  const moved = readHolder(aside)
  if (moved && isAlive(moved)) {
    renameSync(aside, file)
    throw new AlreadyRunning(moved)
  }
  rmSync(aside, { force: true })
}

function isAlive(holder: LockHolder): boolean {
  return holder.pid !== process.pid && factsOfProcess(holder.pid)?.startedAt === holder.startedAt
}

function readHolder(file: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch {
    return undefined
  }
}

function replace(file: string, holder: LockHolder): void {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(holder))
  renameSync(`${file}.${process.pid}`, file)
}
