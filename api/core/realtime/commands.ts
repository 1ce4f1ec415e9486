/** What a client may say on its socket. Rooms are joined here, by the server, after the module has checked the right to it. */
import type { z } from 'zod'
import type { App } from '../app.ts'
import type { CustomerActor, StaffActor } from '../context.ts'
import { fromOutside } from '../request-shape.ts'

export interface SocketSession<A> {
  id: string
  actor: A
  join(room: string): Promise<void>
  leave(room: string): Promise<void>
  rooms(): ReadonlySet<string>
}

interface Command<N extends string, A, I> {
  namespace: N
  name: string
  schema: z.ZodType<I>
  /** Sent by the page itself whenever its connection comes back: it does not show that anybody is at the desk. */
  automatic?: true
  run(app: App, session: SocketSession<A>, input: I): Promise<void>
}

export type SocketCommand = {
  namespace: 'staff' | 'customer'
  name: string
  automatic: boolean
  /** Checks the input, then runs. @throws AppError */
  execute(app: App, session: SocketSession<StaffActor | CustomerActor>, input: unknown): Promise<void>
}

export function staffCommand<I>(command: Omit<Command<'staff', StaffActor, I>, 'namespace'>): SocketCommand {
  return {
    namespace: 'staff',
    name: command.name,
    automatic: command.automatic ?? false,
    async execute(app, session, input) {
      const { actor } = session
      if (actor.kind === 'staff') await command.run(app, { ...session, actor }, fromOutside(command.schema, input))
    },
  }
}

export function customerCommand<I>(command: Omit<Command<'customer', CustomerActor, I>, 'namespace'>): SocketCommand {
  return {
    namespace: 'customer',
    name: command.name,
    automatic: command.automatic ?? false,
    async execute(app, session, input) {
      const { actor } = session
      if (actor.kind === 'customer') await command.run(app, { ...session, actor }, fromOutside(command.schema, input))
    },
  }
}
