import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { errorCode } from './error-code.ts'

export interface ProcessFacts {
  /** Short command name; empty where the platform does not tell. */
  name: string
  /** Opaque: tells a process from a later one that was given the same pid. Empty where the platform does not tell. */
  startedAt: string
}

/** What the system knows about a living process; undefined when there is none (a zombie counts as none). */
export function factsOfProcess(pid: number): ProcessFacts | undefined {
  if (!answersSignals(pid)) return undefined
  if (process.platform === 'win32') return { name: '', startedAt: '' }
  return process.platform === 'linux' ? factsFromProc(pid) : factsFromPs(pid)
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

function factsFromProc(pid: number): ProcessFacts | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The name stands in parentheses and may itself hold spaces and parentheses: cut at the last one.
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? undefined : { name, startedAt: rest[18] ?? '' }
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // the process ended meanwhile
  }
}

function factsFromPs(pid: number): ProcessFacts | undefined {
  const ask = (column: string) => execFileSync('ps', ['-p', String(pid), '-o', `${column}=`], { encoding: 'utf8' }).trim()
  try {
    if (ask('stat').startsWith('Z')) return undefined
    return { name: ask('comm').split('/').at(-1) ?? '', startedAt: ask('lstart') }
  } catch {
    return undefined // ps exits 1 when the process is gone
  }
}
