/** A process that can be killed and comes back on the same port, as a supervisor would bring it back. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PRODUCT = fileURLToPath(new URL('./product.ts', import.meta.url))

export interface Victim {
  url: string
  /** SIGKILL, then a new process; resolves when that one listens. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

export async function startVictim(env: Record<string, string>): Promise<Victim> {
  let child = await launch(env)
  return {
    url: `http://127.0.0.1:${env.PORT}`,
    async killAndRestart() {
      const gone = ended(child)
      child.kill('SIGKILL')
      await gone
      child = await launch(env)
    },
    async stop() {
      const gone = ended(child)
      child.kill('SIGKILL')
      await gone
    },
  }
}

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))

function launch(env: Record<string, string>): Promise<ChildProcess> {
  const child = fork(PRODUCT, [], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4000)))
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child))
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}: ${words}`)))
  })
}
