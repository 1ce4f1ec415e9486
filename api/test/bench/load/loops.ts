/** Closed loops (each conversation waits for its last message) and an open one (a fixed rate, whatever comes back). */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Load, Measured } from '../messages.ts'
import { percentile } from '../statistics.ts'

/** What comes later than this, or never, is lost. */
const LOST_MS = 10_000

/** @returns once the server has answered with a success */
export type Send = (conversation: number, key: string) => Promise<void>

export class Run {
  readonly #load: Load
  readonly #send: Send
  readonly #name = Math.random().toString(36).slice(2, 8)
  readonly #pending = new Map<string, { since: number; resolve(): void }>()
  #latencies: number[] = []
  #measuring = false
  #ended = false
  #count = 0
  #sent = 0
  #lost = 0
  #errors = 0

  constructor(load: Load, send: Send) {
    this.#load = load
    this.#send = send
  }

  /** An agent has the message. */
  delivered(key: string): void {
    const pending = this.#pending.get(key)
    if (!pending) return
    this.#pending.delete(key)
    this.#note(pending.since)
    pending.resolve()
  }

  async measure(): Promise<Measured> {
    return this.#load.mode === 'steady' ? this.#steady(this.#load.rate ?? 0) : this.#closed()
  }

  async #closed(): Promise<Measured> {
    const { conversations, warmUpSeconds, seconds } = this.#load
    const loops = Array.from({ length: conversations }, (_, conversation) => this.#converse(conversation))
    await sleep(warmUpSeconds * 1000)
    this.#measuring = true
    const start = performance.now()
    await sleep(seconds * 1000)
    this.#measuring = false
    const elapsed = (performance.now() - start) / 1000
    this.#ended = true
    await Promise.all(loops)
    return this.#result(elapsed)
  }

  async #converse(conversation: number): Promise<void> {
    while (!this.#ended) {
      const since = performance.now()
      const key = this.#nextKey()
      const arrival = this.#load.mode === 'delivered' ? this.#arrival(key, since) : null
      if (!(await this.#sending(conversation, key))) await sleep(50)
      else if (arrival) await arrival
      else this.#note(since)
    }
  }

  /** From the time that was planned, so that a server which stalls is not spared the messages it kept from being sent. */
  async #steady(rate: number): Promise<Measured> {
    const { conversations, warmUpSeconds, seconds } = this.#load
    const start = performance.now()
    const first = Math.floor(warmUpSeconds * rate)
    const total = Math.floor((warmUpSeconds + seconds) * rate)
    const arrivals: Promise<void>[] = []
    for (let number = 0; number < total;) {
      this.#measuring = number >= first
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate))
      for (; number < due; number++) {
        const key = this.#nextKey()
        if (number >= first) arrivals.push(this.#arrival(key, start + (number / rate) * 1000))
        void this.#sending(number % conversations, key)
      }
      await sleep(1)
    }
    await Promise.all(arrivals)
    return this.#result(seconds)
  }

  #nextKey(): string {
    if (this.#measuring) this.#sent++
    return `${this.#name}-${this.#count++}`
  }

  async #sending(conversation: number, key: string): Promise<boolean> {
    try {
      await this.#send(conversation, key)
      return true
    } catch (error) {
      if (this.#errors++ === 0) process.stderr.write(`${this.#load.mode}: first error: ${String(error)}\n`)
      this.#pending.delete(key)
      return false
    }
  }

  #arrival(key: string, since: number): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        if (this.#pending.delete(key)) this.#lost++
        resolve()
      }, LOST_MS)
      const arrived = () => {
        clearTimeout(late)
        resolve()
      }
      this.#pending.set(key, { since, resolve: arrived })
    })
  }

  #note(since: number): void {
    if (this.#measuring || this.#load.mode === 'steady') this.#latencies.push(performance.now() - since)
  }

  #result(seconds: number): Measured {
    const latencies = this.#latencies
    return {
      perSecond: latencies.length / seconds,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      sent: this.#sent,
      lost: this.#lost,
      errors: this.#errors,
    }
  }
}
