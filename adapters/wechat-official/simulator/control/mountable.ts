/** The simulator as `mountSimulator` wants it: bodies are checked here, refusals get their status. */
import { ZodError } from 'zod'
import { ActionRefused } from '../callbacks/actor.ts'
import type { MountableSimulator } from '../mount.ts'
import { RequestRefused } from '../mount-http.ts'
import { PHONE_COOKIE } from '../platform/oauth-pages.ts'
import { actRequestSchema, commandSchema, runCommand } from './commands.ts'
import { UnknownInSimulator, type SimulatorControls } from './simulator.ts'

const refused = (error: unknown): unknown => {
  if (error instanceof UnknownInSimulator) return new RequestRefused(404, error.message)
  if (error instanceof ActionRefused) return new RequestRefused(409, error.message)
  if (error instanceof ZodError)
    return new RequestRefused(400, error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  return error
}

const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw refused(error)
  }
}

type Mounting = Pick<MountableSimulator, 'runAction' | 'runCommand' | 'phoneCookie'>

const cookieSafe = (text: string) => text.replace(/[^\w-]/g, '')

export const mountable = (simulator: SimulatorControls): Mounting => ({
  runAction: (body) =>
    guarded(async () => {
      const { appId, openId, action } = actRequestSchema.parse(body)
      return simulator.act(appId, openId, action)
    }),
  runCommand: (body) => guarded(() => runCommand(simulator, commandSchema.parse(body))),
  phoneCookie: (appId, openId) => `${PHONE_COOKIE}=${cookieSafe(appId)}:${cookieSafe(openId)}`,
})
