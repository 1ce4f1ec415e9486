/** Sockets of this process: who may open one, which rooms it joins, what it may say, and the beacon that heals lost pushes. */
import { z } from 'zod'
import type { Socket } from 'socket.io'
import type { App } from '../app.ts'
import type { CustomerActor, StaffActor } from '../context.ts'
import { AppError } from '../errors.ts'
import { isOwnOrigin } from '../http/authentication.ts'
import type { SocketCommand, SocketSession } from './commands.ts'
import { NAMESPACES, rooms } from './realtime.ts'
import { redeemTicket } from './tickets.ts'

type Namespace = keyof typeof NAMESPACES
type Held = { actor: StaffActor | CustomerActor; sessionId: string; commandsLeft: number; seats: readonly string[] }

declare module '../modules.ts' {
  interface Hooks {
    /** Newest `[seq, version]` of what these readers should know, by room. */
    'realtime.beacon'?: (
      app: App,
      readers: { staffIds: string[]; identityIds: string[] },
    ) => Promise<Map<string, Record<string, [number, number]>>>
    /** Rooms in which these readers belong beyond their own, in the same order: of their teams. Asked when they come and every few seconds: one query for all. */
    'realtime.rooms'?: (app: App, actors: readonly StaffActor[]) => Promise<readonly (readonly string[])[]>
    /** Accounts of staff whose browsers are connected to this process; told every ten seconds, also when there are none. */
    'realtime.connected'?: (app: App, accountIds: readonly string[]) => Promise<void>
    /** A member of staff did something, as opposed to his page by itself; nobody waits for it. */
    'staff.active'?: (app: App, accountId: string) => void
    /** Somebody left: rooms he was in, for "who else is looking". */
    'realtime.left'?: (app: App, actor: StaffActor, left: readonly string[]) => Promise<void>
    /** Rooms that each of these readers may be in no more, in the same order. Asked every few seconds: one query, whatever their number. */
    'realtime.rooms-to-leave'?: (
      app: App,
      readers: readonly { actor: StaffActor; rooms: readonly string[] }[],
    ) => Promise<readonly (readonly string[])[]>
  }
}

const handshake = z.object({ ticket: z.string().min(20).max(200) })
const COMMANDS_PER_MINUTE = 240
const MAX_ROOMS = 60
/** Whose session ended loses his sockets at once; where that message is lost, or he was just coming in, within five seconds. */
const GUARD_MS = 4_000

export function serveSockets(app: App): { stop(): void } {
  const held = new Map<Socket, Held>()
  const commands = app.modules.flatMap((definition) => definition.socketCommands ?? [])
  const namespaces: Namespace[] = ['staff', 'customer']
  for (const namespace of namespaces) {
    const space = app.realtime.io.of(NAMESPACES[namespace])
    space.use((socket, next) => {
      admit(app, namespace, socket, held).then(
        () => next(),
        (error: unknown) => next(error instanceof Error ? error : new Error('refused')),
      )
    })
    space.on('connection', (socket) =>
      welcome(
        app,
        namespace,
        socket,
        held,
        commands.filter((command) => command.namespace === namespace),
      ),
    )
  }
  const beacon = setInterval(
    () =>
      void Promise.all([tellConnected(app, held), sendBeacon(app, held)]).catch((error: unknown) =>
        app.log.warn({ error: String(error) }, 'realtime.beacon_failed'),
      ),
    10_000,
  )
  const guard = setInterval(
    () => void cutEnded(app, held).catch((error: unknown) => app.log.warn({ error: String(error) }, 'realtime.guard_failed')),
    GUARD_MS,
  )
  const ushers = setInterval(
    () =>
      void Promise.all([seat(app, held), leaveRooms(app, held)]).catch((error: unknown) =>
        app.log.warn({ error: String(error) }, 'realtime.ushers_failed'),
      ),
    GUARD_MS,
  )
  const refill = setInterval(() => held.forEach((entry) => (entry.commandsLeft = COMMANDS_PER_MINUTE)), 60_000)
  return {
    stop() {
      clearInterval(beacon)
      clearInterval(guard)
      clearInterval(ushers)
      clearInterval(refill)
    },
  }
}

async function admit(app: App, namespace: Namespace, socket: Socket, held: Map<Socket, Held>): Promise<void> {
  const { origin, host } = socket.handshake.headers
  if (namespace === 'staff' && origin !== undefined && !isOwnOrigin(app, origin, host)) throw new Error('origin_not_allowed')
  const { ticket } = handshake.parse(socket.handshake.auth)
  const granted = await redeemTicket(app, namespace, ticket)
  if (!granted) throw new Error('unauthenticated')
  const actor =
    namespace === 'staff'
      ? await app.hooks.only('auth.staff')(app, granted.credential)
      : await app.hooks.only('auth.customer')(app, granted.credential)
  if (!actor) throw new Error('unauthenticated')
  const sessionId = actor.kind === 'staff' ? actor.sessionId : actor.session.id
  held.set(socket, { actor, sessionId, commandsLeft: COMMANDS_PER_MINUTE, seats: actor.kind === 'staff' ? await seatsOf(app, actor) : [] })
  if (actor.kind === 'staff') await Promise.all(app.hooks.all('realtime.connected').map((hook) => hook(app, [actor.accountId])))
}

async function seatsOf(app: App, actor: StaffActor): Promise<string[]> {
  const seats = await Promise.all(app.hooks.all('realtime.rooms').map((hook) => hook(app, [actor])))
  return seats.flatMap(([own = []]) => own)
}

/** Who joined or left a team hears of its queue within five seconds, or no more, without a word to this process. */
export async function seat(app: App, held: Map<Socket, Held>): Promise<void> {
  const staff = [...held].flatMap(([socket, entry]) => (entry.actor.kind === 'staff' ? [{ socket, entry, actor: entry.actor }] : []))
  if (staff.length === 0) return
  const answers = await Promise.all(
    app.hooks.all('realtime.rooms').map((hook) =>
      hook(
        app,
        staff.map(({ actor }) => actor),
      ),
    ),
  )
  for (const [index, { socket, entry }] of staff.entries()) {
    const seats = answers.flatMap((answer) => answer[index] ?? [])
    for (const room of entry.seats) if (!seats.includes(room)) await socket.leave(room)
    await socket.join(seats)
    entry.seats = seats
  }
}

/** What counts is that this process serves: told also when nobody is connected. */
export async function tellConnected(app: App, held: ReadonlyMap<Socket, { actor: StaffActor | CustomerActor }>): Promise<void> {
  const accountIds = [...new Set([...held.values()].flatMap(({ actor }) => (actor.kind === 'staff' ? [actor.accountId] : [])))]
  for (const hook of app.hooks.all('realtime.connected')) await hook(app, accountIds)
}

function welcome(app: App, namespace: Namespace, socket: Socket, held: Map<Socket, Held>, commands: readonly SocketCommand[]): void {
  const entry = held.get(socket)
  if (!entry) return void socket.disconnect(true)
  const { actor } = entry
  app.metrics.sockets.inc({ namespace })
  const own =
    actor.kind === 'staff'
      ? [rooms.staff(actor.accountId), rooms.everyone, rooms.session(actor.sessionId), ...entry.seats]
      : [rooms.customer(actor.identityId)]
  void socket.join(own)
  if (actor.kind === 'staff') Object.assign(socket.data, { id: actor.accountId, name: actor.name })
  const session: SocketSession<StaffActor | CustomerActor> = {
    id: socket.id,
    actor,
    async join(room) {
      if (socket.rooms.size >= MAX_ROOMS) throw new Error('too many rooms')
      await socket.join(room)
    },
    leave: async (room) => socket.leave(room),
    rooms: () => socket.rooms,
  }
  const names = new Set(commands.map(({ name }) => name))
  // Who waits for an answer gets one, also to a word that we do not know.
  socket.onAny((name: string, ...given: unknown[]) => {
    if (!names.has(name)) acknowledgeBy(given.at(-1))({ error: { code: 'route_not_found' } })
  })
  for (const command of commands) {
    socket.on(command.name, (input: unknown, reply: unknown) => {
      const acknowledge = acknowledgeBy(reply)
      if (entry.commandsLeft-- <= 0) return acknowledge({ error: { code: 'rate_limited' } })
      if (actor.kind === 'staff' && !command.automatic) for (const note of app.hooks.all('staff.active')) note(app, actor.accountId)
      command.execute(app, session, input).then(
        () => acknowledge({ ok: true }),
        (error: unknown) => acknowledge({ error: { code: codeOf(app, error) } }),
      )
    })
  }
  socket.on('disconnecting', () => {
    const left = [...socket.rooms]
    if (actor.kind === 'staff') for (const hook of app.hooks.all('realtime.left')) void hook(app, actor, left).catch(() => undefined)
  })
  socket.on('disconnect', () => {
    held.delete(socket)
    app.metrics.sockets.dec({ namespace })
  })
}

const acknowledgeBy = (reply: unknown) => (answer: object) =>
  void (typeof reply === 'function' && Reflect.apply(reply, undefined, [answer]))

function codeOf(app: App, error: unknown): string {
  if (error instanceof AppError) return error.code
  app.log.error({ error: String(error) }, 'realtime.command_failed')
  return 'internal'
}

export async function cutEnded(
  app: App,
  held: ReadonlyMap<Socket, { actor: StaffActor | CustomerActor; sessionId: string }>,
): Promise<void> {
  for (const kind of ['staff', 'customer'] as const) {
    const sockets = [...held].filter(([, { actor }]) => actor.kind === kind)
    if (sockets.length === 0) continue
    const isAlive = app.hooks.only(kind === 'staff' ? 'auth.alive' : 'auth.customers-alive')
    const alive = await isAlive(app, [...new Set(sockets.map(([, { sessionId }]) => sessionId))])
    for (const [socket, { sessionId }] of sockets) if (!alive.has(sessionId)) socket.disconnect(true)
  }
}

/** Who may not see something any more stops hearing of it within five seconds, even where the word of it was lost. */
export async function leaveRooms(app: App, held: ReadonlyMap<Socket, { actor: StaffActor | CustomerActor }>): Promise<void> {
  const sockets = [...held].flatMap(([socket, { actor }]) => (actor.kind === 'staff' ? [{ socket, actor, rooms: [...socket.rooms] }] : []))
  for (const hook of app.hooks.all('realtime.rooms-to-leave')) {
    const leaving = await hook(app, sockets)
    for (const [index, rooms] of leaving.entries()) for (const room of rooms) await sockets[index]?.socket.leave(room)
  }
}

/** Sends every reader what should be newest to him. */
export async function sendBeacon(
  app: App,
  held: ReadonlyMap<Socket, { actor: StaffActor | CustomerActor; sessionId: string }>,
): Promise<void> {
  if (held.size === 0) return
  const staff = [...held.values()].filter(({ actor }) => actor.kind === 'staff')
  const staffIds = [...new Set(staff.flatMap(({ actor }) => (actor.kind === 'staff' ? [actor.accountId] : [])))]
  const identityIds = [...new Set([...held.values()].flatMap(({ actor }) => (actor.kind === 'customer' ? [actor.identityId] : [])))]
  for (const hook of app.hooks.all('realtime.beacon')) {
    for (const [room, conversations] of await hook(app, { staffIds, identityIds })) {
      const namespace = room.startsWith('customer:') ? NAMESPACES.customer : NAMESPACES.staff
      app.realtime.io.of(namespace).local.to(room).emit('beacon', { type: 'beacon', conversations })
    }
  }
}
