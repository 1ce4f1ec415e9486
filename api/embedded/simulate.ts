/**
 * `npm run simulate`: the simulated platforms alone, for a Lianke that runs elsewhere (its *_BASE variables point here). Never for
 * production: whoever reaches it can speak as any customer.
 */
import { createServer } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { createOfficialAccountSimulator, mountSimulator } from '#adapters/wechat-official/simulator/index.ts'
import { pagesRoot } from '#api/core/places.ts'
import { buildPages } from './pages.ts'

const settingsSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().default(3100),
  SIMULATOR_APP_ID: z.string().default('wx00000000000000aa'),
  SIMULATOR_APP_SECRET: z.string().default('simulated-app-secret'),
  SIMULATOR_TOKEN: z.string().default('simulatedtoken'),
  SIMULATOR_AES_KEY: z.string().length(43).default('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'),
  SIMULATOR_CALLBACK_URL: z.url().optional(),
})

const say = (line: string) => void process.stdout.write(`${line}\n`)
const settings = settingsSchema.parse(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')))
await buildPages({ log: say, only: /simulator/ })

const account = {
  appId: settings.SIMULATOR_APP_ID,
  appSecret: settings.SIMULATOR_APP_SECRET,
  token: settings.SIMULATOR_TOKEN,
  encodingAesKey: settings.SIMULATOR_AES_KEY,
}
const simulator = createOfficialAccountSimulator()
simulator.addAccount(settings.SIMULATOR_CALLBACK_URL ? { ...account, callbackUrl: settings.SIMULATOR_CALLBACK_URL } : account)

const server = createServer(mountSimulator([simulator], { pageDirectory: join(pagesRoot, 'simulator') }))
server.listen(settings.PORT, settings.HOST, () => {
  const address = `http://${settings.HOST}:${settings.PORT}/simulator`
  say(`微信模拟器 · WeChat simulator: ${address}`)
  say(`WX_API_BASE=${address}/wechat · appId ${account.appId} · appSecret ${account.appSecret} · token ${account.token}`)
  say(`EncodingAESKey ${account.encodingAesKey}`)
})

const end = () => {
  simulator.stop()
  server.close(() => process.exit(0))
  server.closeAllConnections()
}
process.once('SIGINT', end)
process.once('SIGTERM', end)
