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
 * The same of everybody at once, as far as it lies fixed until somebody changes it: a query of one row per account that is in an active team, with `team_ids`,
 * all of them, and `limited_teams` as above, both json.
 */
export const DUTIES = `
  select m.account_id, min(coalesce(m.max_conversations, t.member_max_conversations)) as max_conversations, json_agg(t.id) as team_ids,
    coalesce(json_agg(json_build_object('id', t.id, 'max', t.max_conversations)) filter (where t.max_conversations is not null), '[]') as limited_teams
  from team_members m join teams t on t.id = m.team_id and t.status = 'active' group by m.account_id`

/** A number that is another one whenever `DUTIES` are. No two rows of a table are the same, so none cancel out. */
export const DUTIES_DIGEST = `(
  select coalesce(bit_xor(hash_record_extended(r, 1)), 0) from (select team_id, account_id, max_conversations from team_members) as r) # (
  select coalesce(bit_xor(hash_record_extended(r, 2)), 0) from (select id, status, max_conversations, member_max_conversations from teams) as r)`

/** What time changes: a query of the accounts whose team works by shifts while none of theirs is on. */
export const OFF_SHIFT = `
  select m.account_id from team_members m join teams t on t.id = m.team_id and t.status = 'active' and t.uses_shifts
  where not exists (select 1 from shifts s where s.account_id = m.account_id and tstzrange(s.starts_at, s.ends_at) @> app_now())
  group by m.account_id`
