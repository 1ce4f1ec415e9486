/** A redis-server or valkey-server of this machine, run with its own folder and password. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { freePort } from './free-port.ts'
import { factsOfProcess } from './process-facts.ts'

const kinds = ['redis-server', 'valkey-server'] as const

const serverSchema = z.object({ pid: z.int(), startedAt: z.string(), port: z.int(), password: z.string(), kind: z.enum(kinds) })

export type RunningRedis = z.infer<typeof serverSchema>

export const redisUrl = (server: { port: number; password: string }) => `redis://:${server.password}@127.0.0.1:${server.port}/0`

/** The first of the two servers found on PATH. */
export function installedServer(path = process.env['PATH'] ?? ''): { kind: RunningRedis['kind']; file: string } | undefined {
  for (const kind of kinds) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const file = join(folder, process.platform === 'win32' ? `${kind}.exe` : kind)
      if (isExecutable(file)) return { kind, file }
    }
  }
  return undefined
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const stateFile = (folder: string) => join(folder, 'server.json')

/**
 * The server that an earlier, killed start left running in `folder`. Redis does not lock its folder: a second server on the same
 * append-only file would ruin it, so one that lives but does not answer is ended before another is started.
 */
export async function leftRunning(folder: string): Promise<RunningRedis | undefined> {
  const server = readState(folder)
  if (!server || !lives(server)) return undefined
  if (await becomesReady(server)) return server
  await endServer(folder, server)
  return undefined
}

function readState(folder: string): RunningRedis | undefined {
  if (!existsSync(stateFile(folder))) return undefined
  try {
    return serverSchema.safeParse(JSON.parse(readFileSync(stateFile(folder), 'utf8'))).data
  } catch {
    return undefined
  }
}

export const lives = (server: RunningRedis) => factsOfProcess(server.pid)?.startedAt === server.startedAt

/** @returns false when the server ended, or answers something other than PONG or "loading" */
async function becomesReady(server: RunningRedis): Promise<boolean> {
  while (lives(server)) {
    const answer = await ping(server)
    if (answer.includes('+PONG')) return true
    if (answer !== '' && !answer.includes('-LOADING')) return false
    await delay(10)
  }
  return false
}

/** The two answers to AUTH and PING as they come over the wire; empty when nobody listens yet. */
function ping(server: RunningRedis): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(server.port, '127.0.0.1', () => socket.write(`AUTH ${server.password}\r\nPING\r\n`))
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer')))
    socket.on('data', (chunk) => {
      answer += String(chunk)
      if (answer.split('\r\n').length > 2) socket.destroy()
    })
    socket.on('error', ({ message }) => (answer ||= message.includes('ECONNREFUSED') ? '' : message))
    socket.once('close', () => resolve(answer))
  })
}

/** @param again the address and password of a server that ended and is to come back */
export async function launchServer(
  folder: string,
  installed: { kind: RunningRedis['kind']; file: string },
  again?: RunningRedis,
): Promise<RunningRedis> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const port = again?.port ?? (await freePort())
  const password = again?.password ?? randomBytes(24).toString('base64url')
  const logFile = join(folder, 'server.log')
  const configuration = writeConfiguration(folder, port, password)
  const log = openSync(logFile, 'w', 0o600)
  // A process group of its own: Ctrl-C reaches only us, and the application finishes before its Redis goes.
  const child = spawn(installed.file, [configuration], { detached: true, stdio: ['ignore', log, log], cwd: folder })
  closeSync(log)
  child.unref()
  const failed = new Promise<Error>((settle) => child.once('error', settle))
  if (child.pid === undefined) throw await failed
  const server = { pid: child.pid, startedAt: factsOfProcess(child.pid)?.startedAt ?? '', port, password, kind: installed.kind }
  writeFileSync(stateFile(folder), JSON.stringify(server), { mode: 0o600 })
  if (await becomesReady(server)) return server
  throw new Error(`${installed.file} did not start:\n${readFileSync(logFile, 'utf8').split('\n').slice(-12).join('\n')}`)
}

/** In a file and not on the command line, where every user of the machine could read the password. */
function writeConfiguration(folder: string, port: number, password: string): string {
  const file = join(folder, 'server.conf')
  const settings = ['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, `dir "${resolve(folder)}"`, 'appendonly yes', 'save ""']
  writeFileSync(file, [...settings, 'maxmemory-policy noeviction', 'daemonize no', ''].join('\n'), { mode: 0o600 })
  return file
}

export async function endServer(folder: string, server: RunningRedis): Promise<void> {
  if (lives(server)) process.kill(server.pid, 'SIGTERM')
  while (lives(server)) await delay(10)
  rmSync(stateFile(folder), { force: true })
}
