/**
 * What is beyond a threshold now, as one statement: a row for each kind of trouble and team or channel. A team goes by its own rule where it has one,
 * also when that one is switched off.
 */
import { FAILURE_MINUTES } from '../board/load-channels.ts'

/** The general queue among teams: what is null is not hashed, and five thousand conversations would be compared with every rule. */
const GENERAL = `'00000000-0000-0000-0000-000000000000'::uuid`

export const SITUATIONS = `
  queues as (
    select id as team_id from teams where status = 'active' union all select ${GENERAL}),
  rules as (
    select k.kind, q.team_id, coalesce(own.threshold, house.threshold) as threshold
    from queues q cross join unnest(array['queue_length', 'queue_wait', 'no_reply']) as k(kind)
    join alert_rules house on house.kind = k.kind and house.team_id is null
    left join alert_rules own on own.kind = k.kind and own.team_id = q.team_id
    where coalesce(own.enabled, house.enabled)),
  house as (
    select kind, threshold from alert_rules where team_id is null and enabled),
  waiting as materialized (
    select coalesce(team_id, ${GENERAL}) as team_id, extract(epoch from app_now() - waiting_since)::int as seconds from queue_entries
    where work_kind = 'conversation' and left_at is null),
  unanswered as materialized (
    select coalesce(team_id, ${GENERAL}) as team_id, extract(epoch from app_now() - waiting_since)::int as seconds from conversations
    where status = 'open' and waiting_since is not null),
  failing as (
    select f.channel_account_id, extract(epoch from app_now() - f.since)::int as seconds from channel_faults f
    join channel_accounts a on a.id = f.channel_account_id and a.status = 'active'),
  failed as (
    select channel_account_id, count(distinct message_id)::int as messages from deliveries
    where state in ('failed', 'unknown') and updated_at > app_now() - interval '${FAILURE_MINUTES} minutes' group by channel_account_id),
  situations as (
    select r.kind, nullif(r.team_id, ${GENERAL}) as team_id, null::uuid as channel_account_id, r.threshold, count(*)::int as value, count(*)::int as count
    from rules r join waiting w on w.team_id = r.team_id
    where r.kind = 'queue_length' group by r.kind, r.team_id, r.threshold having count(*) >= r.threshold
    union all
    select r.kind, nullif(r.team_id, ${GENERAL}), null, r.threshold, max(w.seconds), count(*)
    from rules r join waiting w on w.team_id = r.team_id and w.seconds >= r.threshold
    where r.kind = 'queue_wait' group by r.kind, r.team_id, r.threshold
    union all
    select r.kind, nullif(r.team_id, ${GENERAL}), null, r.threshold, max(u.seconds), count(*)
    from rules r join unanswered u on u.team_id = r.team_id and u.seconds >= r.threshold
    where r.kind = 'no_reply' group by r.kind, r.team_id, r.threshold
    union all
    select h.kind, null, f.channel_account_id, h.threshold, f.seconds, 1
    from house h join failing f on f.seconds >= h.threshold where h.kind = 'channel_down'
    union all
    select h.kind, null, f.channel_account_id, h.threshold, f.messages, f.messages
    from house h join failed f on f.messages >= h.threshold where h.kind = 'delivery_failures')`
