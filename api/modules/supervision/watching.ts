/**
 * Pushes of the board: whoever watches is told that something changed and looks again.
 *
 * A process with watchers compares the board's revision five times a second and tells its own sockets at most twice: with the look that follows, whatever
 * changes is on screen within a second. The tables are asked instead of
 * the events, because then nothing can be missed: not a process that died between a commit and its push, not Redis emptied, not a limit changed by hand.
 * It costs one statement over what is open now, whatever the number of watchers, and nothing while nobody watches.
 */
import { setTimeout as startTimer } from 'node:timers'
import { staffCommandSchemas } from '../../contract/realtime.ts'
import type { App } from '../../core/app.ts'
import { Forbidden } from '../../core/errors.ts'
import { staffCommand } from '../../core/realtime/commands.ts'
import { NAMESPACES } from '../../core/realtime/realtime.ts'
import { evaluateAlerts } from './alerts/evaluate.ts'
import { revisionOf } from './board/revision.ts'

const ROOM = 'supervision'
const LOOK_EVERY_MS = 200
const TELL_EVERY_MS = 500
const ALERTS_EVERY_MS = 1000

interface Watch {
  /** Null: not known yet. */
  revision: string | null
  toldAt: number
  alertsAt: number
}
const watches = new WeakMap<App, Watch>()

const hasWatchers = (app: App): boolean => (app.realtime.io.of(NAMESPACES.staff).adapter.rooms.get(ROOM)?.size ?? 0) > 0

function startWatching(app: App): void {
  if (watches.has(app)) return
  watches.set(app, { revision: null, toldAt: 0, alertsAt: 0 })
  lookLater(app)
}

const lookLater = (app: App): void => void startTimer(() => void look(app), LOOK_EVERY_MS).unref()

async function look(app: App): Promise<void> {
  const watch = watches.get(app)
  if (!watch || !hasWatchers(app)) return void watches.delete(app)
  try {
    const revision = await revisionOf(app.db)
    if (revision !== watch.revision && Date.now() - watch.toldAt >= TELL_EVERY_MS) {
      watch.revision = revision
      watch.toldAt = Date.now()
      app.realtime.io.of(NAMESPACES.staff).local.to(ROOM).emit('supervision.changed', { type: 'supervision.changed', revision })
      if (Date.now() - watch.alertsAt >= ALERTS_EVERY_MS) {
        watch.alertsAt = Date.now()
        await evaluateAlerts(app)
      }
    }
  } catch (error) {
    // The database is away: the next look finds what changed meanwhile.
    app.log.warn({ error: String(error) }, 'supervision.look_failed')
  }
  lookLater(app)
}

const watch = staffCommand({
  name: 'supervision.watch',
  automatic: true,
  schema: staffCommandSchemas['supervision.watch'],
  async run(app, session) {
    if (!session.actor.permissions.has('supervision.view')) throw new Forbidden('forbidden', 'you may not see the board')
    await session.join(ROOM)
    startWatching(app)
  },
})

const unwatch = staffCommand({
  name: 'supervision.unwatch',
  automatic: true,
  schema: staffCommandSchemas['supervision.unwatch'],
  run: (_app, session) => session.leave(ROOM),
})

export const socketCommands = [watch, unwatch]
