/** The typed controls as JSON commands, for the page and for tests in a browser. */
import { z } from 'zod'
import { customerActionSchema } from '../callbacks/actions.ts'
import type { SimulatorControls } from './simulator.ts'
import { accountChangesSchema, apiFaultSchema, callbackFaultSchema } from './settings.ts'

const account = { appId: z.string() }
const person = { appId: z.string(), openId: z.string() }
const times = z.int().min(1).max(1_000).optional()

export const actRequestSchema = z.object({ ...person, action: customerActionSchema })

export const commandSchema = z.discriminatedUnion('command', [
  z.object({
    command: z.literal('add_customer'),
    ...account,
    nickname: z.string().min(1).max(64),
    unionId: z.string().optional(),
    following: z.boolean().optional(),
  }),
  z.object({ command: z.literal('set_customer'), ...person, blocked: z.boolean().optional(), refuses: z.boolean().optional() }),
  z.object({ command: z.literal('update_account'), ...account, changes: accountChangesSchema }),
  z.object({ command: z.literal('create_code'), ...account, scene: z.string().min(1).max(64) }),
  z.object({ command: z.literal('check_callback'), ...account }),
  z.object({ command: z.literal('add_api_fault'), ...apiFaultSchema.shape }),
  z.object({ command: z.literal('add_callback_fault'), fault: callbackFaultSchema, times }),
  z.object({ command: z.literal('reorder_next'), size: z.int().min(2).max(50) }),
  z.object({ command: z.literal('release_held') }),
  z.object({ command: z.literal('clear_faults') }),
  z.object({ command: z.literal('replay'), deliveryId: z.string() }),
  z.object({ command: z.literal('expire_tokens'), ...account, how: z.enum(['expired', 'revoked']).optional() }),
  z.object({ command: z.literal('expire_media'), ...account }),
  z.object({ command: z.literal('close_window'), ...person }),
  z.object({ command: z.literal('open_window'), ...person, kind: z.enum(['message', 'menu', 'follow', 'scan', 'pay']) }),
  z.object({ command: z.literal('set_daily_limit'), ...account, path: z.string(), limit: z.int().nonnegative().nullable() }),
  z.object({ command: z.literal('fail_templates'), ...account, status: z.enum(['failed:user block', 'failed: system failed']), times }),
  z.object({
    command: z.literal('advance'),
    ms: z
      .int()
      .positive()
      .max(366 * 86_400_000),
  }),
  z.object({ command: z.literal('clear_history') }),
])
export type Command = z.infer<typeof commandSchema>

/** Answers what the page shows, or null. */
export const runCommand = async (simulator: SimulatorControls, command: Command): Promise<unknown> => {
  switch (command.command) {
    case 'add_customer':
      return { openId: simulator.addCustomer(command).openId }
    case 'create_code':
      return simulator.createCode(command.appId, command.scene)
    case 'check_callback':
      return { ok: await simulator.checkCallback(command.appId) }
    case 'replay':
      return simulator.replay(command.deliveryId)
    case 'advance':
      await simulator.clock.advance(command.ms)
      return { now: simulator.clock.now() }
    default:
      changeWorld(simulator, command)
      return null
  }
}

const changeWorld = (simulator: SimulatorControls, command: Command): void => {
  switch (command.command) {
    case 'set_customer':
      return simulator.setCustomer(command.appId, command.openId, command)
    case 'update_account':
      return simulator.updateAccount(command.appId, command.changes)
    case 'close_window':
      return simulator.closeWindow(command.appId, command.openId)
    case 'open_window':
      return simulator.openWindow(command.appId, command.openId, command.kind)
    case 'clear_history':
      return simulator.clearHistory()
    default:
      return causeFault(simulator, command)
  }
}

const causeFault = (simulator: SimulatorControls, command: Command): void => {
  switch (command.command) {
    case 'add_api_fault':
      return simulator.addApiFault({ path: command.path, times: command.times, fault: command.fault })
    case 'add_callback_fault':
      return simulator.addCallbackFault(command.fault, command.times)
    case 'reorder_next':
      return simulator.reorderNext(command.size)
    case 'release_held':
      return simulator.releaseHeld()
    case 'clear_faults':
      return simulator.clearFaults()
    case 'expire_tokens':
      return simulator.expireTokens(command.appId, command.how)
    case 'expire_media':
      return simulator.expireMedia(command.appId)
    case 'set_daily_limit':
      return simulator.setDailyLimit(command.appId, command.path, command.limit)
    case 'fail_templates':
      return simulator.failTemplates(command.appId, command.status, command.times)
    default:
  }
}
