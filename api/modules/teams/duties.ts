/** What a person's teams ask of whoever gives him work (BP-007.5, BP-007.6), as SQL: routing joins it into the statement that claims. */

/**
 * A derived table `duty` of exactly one row for the account in this column, for `cross join`:
 * `max_conversations` the lowest limit of all his active teams, null without any; `limited_teams` those with a limit on all members together, as
 * json `[{id, max}]`; `on_duty` false while one of his teams works by shifts and none of his is on.
 * @param account a column, never a value
 */
export const dutyOf = (account: string): string => `lateral (
  select min(coalesce(m.max_conversations, t.member_max_conversations)) as max_conversations,
    coalesce(json_agg(json_build_object('id', t.id, 'max', t.max_conversations)) filter (where t.max_conversations is not null), '[]') as limited_teams,
    not coalesce(bool_or(t.uses_shifts), false) or exists (
      select 1 from shifts s where s.account_id = ${account} and tstzrange(s.starts_at, s.ends_at) @> app_now()) as on_duty
  from team_members m join teams t on t.id = m.team_id and t.status = 'active' where m.account_id = ${account}) as duty`

/**
 * The same for many at once: a query of one row per account that is in an active team, with `team_ids`, all of them, as json.
 * @param accounts a query of account ids, never a value
 */
export const dutiesOf = (accounts: string): string => `
  select m.account_id, min(coalesce(m.max_conversations, t.member_max_conversations)) as max_conversations, json_agg(t.id) as team_ids,
    coalesce(json_agg(json_build_object('id', t.id, 'max', t.max_conversations)) filter (where t.max_conversations is not null), '[]') as limited_teams,
    not bool_or(t.uses_shifts) or exists (
      select 1 from shifts s where s.account_id = m.account_id and tstzrange(s.starts_at, s.ends_at) @> app_now()) as on_duty
  from team_members m join teams t on t.id = m.team_id and t.status = 'active'
  where m.account_id in (${accounts}) group by m.account_id`
