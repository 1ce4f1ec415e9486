/** What the rules of its queue say about a conversation `v`, as columns. A team without rules of its own follows the general ones. */
const ruled = (column: string) =>
  `(select q.${column} from queue_rules q where q.team_id = v.team_id or q.team_id is null order by q.team_id is null limit 1)`

/** Where a policy, not a person, gave it to its agent: by when he must have turned to it. Judged by `passOnUnaccepted`. */
export const ACCEPT_BY = `case when v.status = 'open' and v.accepted_at is null and exists (
    select 1 from assignments w where w.work_kind = 'conversation' and w.work_id = v.id and w.ended_at is null and w.assigned_by is null)
  then v.opened_at + ${ruled('accept_seconds')} * interval '1 second' end`

export const VIP = `exists (select 1 from customer_tag_links l where l.customer_id = v.customer_id and l.tag_id = any(${ruled('vip_tag_ids')}::uuid[]))`
