/** Upkeep that belongs to no module. */
import type { Schedule } from '#api/core/modules.ts'
import { abandonDeliveries } from '#api/modules/conversations/index.ts'

const KEEP_EVENTS_DAYS = 14

export const housekeeping: readonly Schedule[] = [
  {
    name: 'jobs.abandon-deliveries',
    everySeconds: 10,
    run: async (app) => {
      const messages = await abandonDeliveries(app)
      if (messages > 0) app.log.warn({ messages }, 'deliveries.abandoned')
    },
  },
  {
    name: 'jobs.forget-done-events',
    everySeconds: 3600,
    run: async (app) => {
      await app.db.raw(
        `delete from domain_events e where e.id in (
           select id from domain_events d where d.occurred_at < app_now() - ? * interval '1 day'
             and not exists (select 1 from event_deliveries p where p.event_id = d.id) limit 20000)`,
        [KEEP_EVENTS_DAYS],
      )
    },
  },
]
