/** The whole product in one process, with the simulated platform beside it outside production. */
import type { Server } from '@hapi/hapi'
import { createOfficialAccountSimulator, mountSimulator, type OfficialAccountSimulator } from '#adapters/wechat-official/simulator/index.ts'
import path from 'node:path'
import { developmentSms } from '#bot/sms/development.ts'
import type { App } from '../core/app.ts'
import type { Config } from '../core/config.ts'
import type { Role } from '../core/http/server.ts'
import { inTransaction, SYSTEM } from '../core/context.ts'
import { pagesRoot } from '../core/places.ts'
import { wireDemoLogin } from './demo-login.ts'
import { ChannelAccountRow, updateAccount } from '../modules/channels/index.ts'
import { type Process, startApp as startProcess } from '../server.ts'
import { customers, officialAccount, talkWith, templates } from '../../migrations/seeds/demo.ts'

export { createFirstAdministrator } from '../first-administrator.ts'
export { seedDemo } from '../../migrations/seeds/seed-demo.ts'

export async function startApp(options: { config: Config; roles: readonly Role[]; simulator: boolean }): Promise<Process> {
  const { config, roles } = options
  if (!options.simulator) return startProcess({ config, roles })
  const simulator = createOfficialAccountSimulator()
  const running = await startProcess({
    config,
    roles,
    extend: async (server, app) => {
      mount(server, simulator, app)
      await wireDemoAccount(app, simulator, `http://${config.host}:${config.port}`)
    },
  })
  return {
    ...running,
    async stop() {
      simulator.stop()
      await running.stop()
    },
  }
}

/** The simulator speaks plain Node HTTP: Hapi hands the connection over and forgets it. */
function mount(server: Server, simulator: OfficialAccountSimulator, app: App): void {
  const listener = mountSimulator([simulator], { pageDirectory: path.join(pagesRoot, 'simulator'), messages: () => developmentSms(app) })
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    server.route({
      method,
      path: '/simulator/{path*}',
      options: {
        auth: false,
        ...(method === 'GET' ? {} : { payload: { parse: false, output: 'stream' as const, maxBytes: 50 * 1024 * 1024 } }),
      },
      handler: (request, h) => {
        listener(request.raw.req, request.raw.res)
        return h.abandon
      },
    })
  }
}

/** The demo's official account talks to the simulator of this very process, wherever that listens today. */
async function wireDemoAccount(app: App, simulator: OfficialAccountSimulator, url: string): Promise<void> {
  const row = await ChannelAccountRow.query(app.db).findById(officialAccount.id)
  if (!row) return
  const base = `${url}/simulator/wechat`
  if (row.config.apiBase !== base) {
    await inTransaction(app, SYSTEM, (ctx) =>
      updateAccount(ctx, row.id, { version: row.version, config: { apiBase: base, mpBase: base, openBase: base } }),
    )
  }
  const { appId } = officialAccount.settings
  const callbackUrl = `${url}/channels/wechat-official/${officialAccount.id}`
  simulator.addAccount({ ...officialAccount.settings, name: officialAccount.name, callbackUrl })
  for (const template of templates) simulator.addTemplate({ appId, ...template })
  for (const { openId, nickname } of customers) {
    simulator.addCustomer({ appId, openId, nickname })
    simulator.remember(appId, openId, talkWith(openId))
  }
  await wireDemoLogin(app, simulator, base)
}
