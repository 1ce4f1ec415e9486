/**
 * A process of the installation whose own clock is wrong by `SKEW_MS`, and which can be killed: told by messages to fire the timers of tickets, or to stop
 * between having done it and the commit. Its first lines are the wrong clock: whatever is loaded after them knows no other.
 */
const skew = Number(process.env['SKEW_MS'] ?? 0)
const Right = Date
class WrongDate extends Right {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [Right.now() + skew] : given) as [number]))
  }
  static override now(): number {
    return Right.now() + skew
  }
  /** What the platform itself made is a date, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.toString.call(value) === '[object Date]'
  }
}
Object.defineProperty(globalThis, 'Date', { value: WrongDate })

const { readConfig } = await import('../../core/config.ts')
const { inTransaction, SYSTEM } = await import('../../core/context.ts')
const { startApp } = await import('../../server.ts')
const { fireAllTimers, fireTimers } = await import('../../modules/tickets/sla/timers.ts')

const roles = (process.env['ROLES'] ?? 'api').split(',').filter((role) => role === 'api' || role === 'jobs')
const running = await startApp({ config: readConfig(process.env), roles })

const deeds: Readonly<Record<string, () => Promise<unknown>>> = {
  fire: () => fireAllTimers(running.app),
  'fire-and-hold': () =>
    inTransaction(running.app, SYSTEM, async (ctx) => {
      process.send?.({ fired: await fireTimers(ctx) })
      await new Promise(() => undefined)
    }),
}
process.on('message', (deed) => void deeds[String(deed)]?.().then(() => process.send?.({ done: deed })))
process.send?.({ url: running.url })
