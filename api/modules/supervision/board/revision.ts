/** One short text that is another one whenever the board is. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { FAILURE_MINUTES } from './load-channels.ts'

const answer = z.object({ rows: z.tuple([z.object({ revision: z.string() })]) })
/** Sums of digests do not mind the order, so nothing is sorted; a row that leaves and another that comes do not cancel out. */
const digest = (key: string, version: string) => `coalesce(sum(hashtextextended(${key}, ${version})), 0)`

const REVISION = `select md5(concat_ws('/',
  (select ${digest('id::text', 'version')} from conversations where status <> 'closed'),
  (select ${digest(`work_id::text || rank_at::text || coalesce(team_id::text, '')`, '0')} from queue_entries where left_at is null),
  (select ${digest('account_id::text', 'version')} from presences),
  (select ${digest('id::text', 'version')} from teams),
  (select ${digest('team_id::text || account_id::text', 'version')} from team_members),
  (select count(*) from shifts where tstzrange(starts_at, ends_at) @> app_now()),
  (select ${digest(`id::text || health || coalesce(health_reason, '') || coalesce(paused_until, '-infinity')::text`, 'version')} from channel_accounts),
  (select count(*) || '.' || count(distinct channel_account_id) from deliveries
    where state in ('failed', 'unknown') and updated_at > app_now() - interval '${FAILURE_MINUTES} minutes'),
  (select ${digest('id::text', 'version')} from alerts where resolved_at is null)
  )) as revision`

export const revisionOf = async (trx: Knex): Promise<string> => answer.parse(await trx.raw(REVISION)).rows[0].revision
