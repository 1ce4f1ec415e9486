/** What an agent has before him after a year: hundreds of open conversations, one of them very long. */

export const LONG = '01930000-0000-7000-8000-00000000cafe'
export const SHORT = '01930000-0000-7000-8000-00000000beef'
export const CONVERSATIONS = 500
/** Messages of the two; the others have none. */
export const MANY = 10_000
export const FEW = 200

/** @param desk whose they are, and the account through which their customers write */
export const oneDesk = (desk: { username: string; channelAccountId: string; channelKind: string }): string => `
  create temp table people as
    select g, case g when 1 then '${LONG}'::uuid when 2 then '${SHORT}'::uuid else gen_random_uuid() end as conversation, gen_random_uuid() as customer,
           gen_random_uuid() as identity from generate_series(1, ${CONVERSATIONS}) g;
  insert into customers (id, name) select customer, '老客户 ' || g from people;
  insert into customer_identities (id, customer_id, channel_account_id, kind, value, profile_fetched_at)
    select identity, customer, '${desk.channelAccountId}', '${desk.channelKind}', 'old-' || g, now() from people;
  insert into conversations (id, status, customer_id, identity_id, channel_account_id, assignee_id, last_seq, staff_read_seq,
                             last_message_at, queued_at, opened_at, accepted_at, created_at)
    select p.conversation, 'open', p.customer, p.identity, '${desk.channelAccountId}', a.id, case g when 1 then ${MANY} when 2 then ${FEW} else 0 end,
           case g when 1 then ${MANY} when 2 then ${FEW} else 0 end, now() - g * interval '1 second', now(), now(), now(), now() - interval '1 year'
    from people p, accounts a where a.username = '${desk.username}';
  insert into messages (conversation_id, seq, id, direction, author_kind, author_id, parts, delivery_state, occurred_at, created_at)
    select c.id, g, gen_random_uuid(), case when g % 3 = 0 then 'outbound' else 'inbound' end,
           case when g % 3 = 0 then 'agent' else 'customer' end, case when g % 3 = 0 then a.id end,
           jsonb_build_array(jsonb_build_object('type', 'text', 'text', '第 ' || g || ' 句 ' || repeat('升降桌又停在半空了，', g % 12))),
           case when g % 3 = 0 then 'sent' end, now() - (${MANY} - g) * interval '20 minutes', now() - (${MANY} - g) * interval '20 minutes'
    from (values ('${LONG}'::uuid, ${MANY}), ('${SHORT}'::uuid, ${FEW})) c (id, messages), generate_series(1, c.messages) g, accounts a
    where a.username = '${desk.username}';`
