/** Tags of the customers in a list, in one query. Pushes leave them out: they are told on every message, and tags rarely change. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Conversation } from '../../contract/conversation.ts'

/** A row has room for a few. */
const SHOWN = 3

const rowSchema = z.object({ customer_id: z.string(), id: z.string(), name: z.string(), color: z.string() })

export async function withTags<C extends Conversation>(trx: Knex, conversations: readonly C[]): Promise<C[]> {
  if (conversations.length === 0) return []
  const ids = [...new Set(conversations.map(({ customer }) => customer.id))]
  const found: unknown = await trx('customer_tag_links as l')
    .join('customer_tags as t', 't.id', 'l.tag_id')
    .whereIn('l.customer_id', ids)
    .select('l.customer_id', 't.id', 't.name', 't.color')
    .orderBy(['l.customer_id', 't.category', 't.name', 't.id'])
  const rows = z.array(rowSchema).parse(found)
  const tagsOf = (customerId: string) => rows.filter((row) => row.customer_id === customerId).slice(0, SHOWN)
  return conversations.map((conversation) => ({
    ...conversation,
    customer: {
      ...conversation.customer,
      tags: tagsOf(conversation.customer.id).map(({ id, name, color }) => ({ id, name, color })),
    },
  }))
}
