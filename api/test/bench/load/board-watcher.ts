/** A supervisor's page, as far as the network sees it: told that something changed it looks again, one look at a time. */
import { io } from 'socket.io-client'
import { type Board, boardResponse } from '../../../contract/supervision.ts'

export interface Supervisor {
  url: string
  cookie: string
  ticket: string
}

export interface Watcher {
  call(method: string, path: string, body?: object): Promise<unknown>
  board(): Board
  /** Resolves with the board that shows it, and when it came. */
  until(shows: (board: Board) => boolean): Promise<void>
  /** Looks so far, and how long they took in ms. */
  looks: number[]
  close(): void
}

const NEVER_MS = 15_000

export async function watchBoard({ url, cookie, ticket }: Supervisor): Promise<Watcher> {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { cookie, origin: url, ...(body ? { 'content-type': 'application/json' } : {}) }
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const looks: number[] = []
  const fetchBoard = async (): Promise<Board> => {
    const began = performance.now()
    const { data } = boardResponse.parse(await call('GET', '/supervision/board'))
    looks.push(performance.now() - began)
    return data
  }
  let board = await fetchBoard()
  const waiting = new Set<() => void>()
  let running = false
  let again = false
  const look = async (): Promise<void> => {
    again = true
    if (running) return
    running = true
    while (again) {
      again = false
      // A look that fails is made again with the next word, as in the page.
      board = await fetchBoard().catch(() => board)
      for (const check of waiting) check()
    }
    running = false
  }
  const socket = io(url, { transports: ['websocket'], forceNew: true, auth: { ticket }, reconnection: false })
  socket.on('supervision.changed', ({ revision }: { revision: string }) => {
    if (revision !== board.revision) void look()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  await socket.emitWithAck('supervision.watch', {})
  return {
    call,
    board: () => board,
    looks,
    until: (shows) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('the board never showed it')), NEVER_MS)
        const check = () => {
          if (!shows(board)) return
          clearTimeout(late)
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    close: () => void socket.disconnect(),
  }
}
