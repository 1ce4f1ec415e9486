/** The page's end of the line to the widget that frames it. Alone in its own tab it has no host. */
import { parseFromHost, sealed, type FromChat, type FromHost } from '../protocol.ts'

export interface Host {
  /** Resolves when the host has greeted, or has not in time: the chat then starts without knowing who is there. */
  hello(): Promise<void>
  listen(handle: (message: FromHost) => void): void
  tell(message: FromChat): void
}

const PATIENCE_MS = 2000

/**
 * `origin` comes from the frame's address. It need not be believed: the browser delivers to it, and takes from it, only if it is the parent's
 * real origin, and `frame-ancestors` has decided before whether that parent may frame us.
 */
export function connectHost(origin: string): Host {
  const handlers: ((message: FromHost) => void)[] = []
  const tell = (message: FromChat) => parent.postMessage(sealed(message), origin)
  addEventListener('message', (event) => {
    if (event.source !== parent || event.origin !== origin) return
    const message = parseFromHost(event.data)
    if (message) handlers.forEach((handle) => handle(message))
  })
  return {
    tell,
    listen: (handle) => void handlers.push(handle),
    hello: () =>
      new Promise((resolve) => {
        handlers.push((message) => void (message.type === 'hello' && resolve()))
        setTimeout(resolve, PATIENCE_MS)
        tell({ type: 'ready' })
      }),
  }
}
