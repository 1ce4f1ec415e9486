/** For entries that do one thing and end: an App without a server or workers, closed in any case. */
import { createCatalogue } from '#bot/catalogue.ts'
import { discoverAdapters } from '#bot/discover.ts'
import { type App, createApp } from './core/app.ts'
import type { Config } from './core/config.ts'

export async function withApp<T>(config: Config, work: (app: App) => Promise<T>): Promise<T> {
  const app = await createApp({ config, catalogue: createCatalogue(await discoverAdapters()) })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}
