import type { Knex } from 'knex'

/** Due times are worked out anew also when the tags of a customer, by which promises are chosen, are others. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sla_stale drop constraint sla_stale_cause_check,
      add constraint sla_stale_cause_check check (cause in ('policy', 'calendar', 'team', 'customer'));
    alter table sla_events drop constraint sla_events_cause_check, add constraint sla_events_cause_check
      check (cause in ('created', 'moved', 'changed', 'replied', 'spoken', 'time', 'policy', 'calendar', 'team', 'customer', 'merged'));
  `)
}

/** What was once written stays readable: the nearest older word stands for it. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    update sla_stale set cause = 'policy' where cause = 'customer';
    alter table sla_stale drop constraint sla_stale_cause_check, add constraint sla_stale_cause_check check (cause in ('policy', 'calendar', 'team'));
    alter table sla_events disable trigger refuse_change;
    update sla_events set cause = 'changed' where cause = 'customer';
    alter table sla_events enable trigger refuse_change;
    alter table sla_events drop constraint sla_events_cause_check, add constraint sla_events_cause_check
      check (cause in ('created', 'moved', 'changed', 'replied', 'spoken', 'time', 'policy', 'calendar', 'team', 'merged'));
  `)
}
