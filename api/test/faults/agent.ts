/** An agent's browser, reduced to what must not fail: signs in, listens, resumes by seq, and keeps what it shows. */
import { io, type Socket } from 'socket.io-client'
import { z } from 'zod'
import { type Message, messageSchema } from '../../contract/message.ts'

export class AgentPage {
  /** Conversation → seq → message, as the screen would show it. */
  readonly screen = new Map<string, Map<number, Message>>()
  private readonly url: string
  private cookie = ''
  private socket: Socket | null = null
  private readonly credentials: { username: string; password: string }

  constructor(url: string, credentials: { username: string; password: string }) {
    this.url = url
    this.credentials = credentials
  }

  /** @param shape what of the answer the caller looks at */
  async call<T>(shape: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<{ status: number; data: T }> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    const [session] = answer.headers.getSetCookie()
    if (session) this.cookie = session.split(';')[0] ?? ''
    const { data } = z.object({ data: shape }).parse(await answer.json())
    return { status: answer.status, data }
  }

  async signIn(): Promise<void> {
    const { status } = await this.call(z.unknown(), 'POST', '/api/v1/auth/login', this.credentials)
    if (status !== 200) throw new Error(`login answered ${status}`)
    await this.call(z.unknown(), 'PUT', '/api/v1/me/presence', { status: 'online' })
    await this.connect()
  }

  /** A new ticket for every connection; comes back by itself for as long as the page is open. */
  private async connect(): Promise<void> {
    const { data } = await this.call(z.object({ ticket: z.string() }), 'POST', '/api/v1/realtime/tickets')
    this.socket = io(this.url, { transports: ['websocket'], auth: { ticket: data.ticket }, reconnection: false, forceNew: true })
    this.socket.on('message.created', (event: { patch: { message: Message } }) => this.show(event.patch.message))
    this.socket.on('message.updated', (event: { patch: { message: Message } }) => this.show(event.patch.message))
  }

  private show(message: Message): void {
    const messages = this.screen.get(message.conversationId) ?? new Map<number, Message>()
    this.screen.set(message.conversationId, messages)
    const known = messages.get(message.seq)
    if (!known || known.version <= message.version) messages.set(message.seq, message)
  }

  async reconnect(): Promise<void> {
    this.socket?.disconnect()
    await this.connect()
  }

  /** What the page does after every reconnect: fills what it has not seen. */
  async resume(): Promise<void> {
    const { data: conversations } = await this.call(
      z.array(z.object({ id: z.string() })),
      'GET',
      '/api/v1/conversations?assignee=me&limit=100',
    )
    for (const { id } of conversations) {
      let after = this.newestWithoutGap(id)
      for (;;) {
        const { data: page } = await this.call(
          z.array(messageSchema),
          'GET',
          `/api/v1/conversations/${id}/messages?afterSeq=${after}&limit=200`,
        )
        for (const message of page) this.show(message)
        if (page.length < 200) break
        after = page.at(-1)?.seq ?? after
      }
    }
  }

  private newestWithoutGap(conversationId: string): number {
    const messages = this.screen.get(conversationId)
    let seq = 0
    while (messages?.has(seq + 1)) seq++
    return seq
  }

  close(): void {
    this.socket?.disconnect()
  }
}
