import type { App } from '../../core/app.ts'
import type { ModuleDefinition } from '../../core/modules.ts'
import { tellOfBrokenChain } from './broken-chain.ts'
import { routes } from './routes.ts'

const KEEP_READ_DAYS = 90
const KEEP_DAYS = 365

/** Keys name a fact with its day, so one forgotten here is not told again. */
const forgetOld = async (app: App) =>
  void (await app.db.raw(
    `delete from notifications where id in (
       select id from notifications
       where created_at < (select app_now()) - ? * interval '1 day'
         and (read_at is not null or created_at < (select app_now()) - ? * interval '1 day') limit 20000)`,
    [KEEP_READ_DAYS, KEEP_DAYS],
  ))

const definition: ModuleDefinition = {
  name: 'notifications',
  after: ['identity'],
  routes,
  hooks: { 'audit.broken': tellOfBrokenChain },
  schedules: [{ name: 'notifications.forget-old', everySeconds: 3600, run: forgetOld }],
}
export default definition
