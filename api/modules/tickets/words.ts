/**
 * What is typed into the search of tickets: a number or the beginning of one; else a piece of the title, or the customer's name as customers are found
 * (by parts and 拼音). Titles are found by their pairs of characters, of which two make a Chinese word; the pattern then says whether they stand in order.
 */
import type { Knex } from 'knex'
import { z } from 'zod'
import { searchQuery } from '../customers/index.ts'

const NUMBER = /^#?(\d{4,8}(?:-\d{0,6})?)$/
const likeOf = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`
const NUMBERED = 't.number like :number'
/** Of whom the terms are not made yet: behind an index of their own. */
const UNINDEXED = `c.name_search is null and (c.name is not null or c.remark_name is not null) and (c.name ilike :like or c.remark_name ilike :like)`
const NAMED = `(c.name_search @@ :names::tsquery or (${UNINDEXED}))`

/** `offset 0`: one look for each row, never all customers of that name first. */
const ROW_OF_CUSTOMER = `exists (select 1 from customers c where c.id = t.customer_id and ${NAMED} offset 0)`
const KEYED = 'ticket_title_keys(t.title) @@ ticket_title_query(:words)'
const SET_OF_CUSTOMERS = `t.customer_id = any(array(select c.id from customers c where c.name_search @@ :names::tsquery
    union all select c.id from customers c where ${UNINDEXED}))`

/** What the words can be: always of a title; a number, or a name. */
function reading(words: string) {
  const number = NUMBER.exec(words)?.[1]
  const names = number === undefined ? searchQuery(words) : null
  return {
    // What has no case is compared as it stands, in half the time.
    title: `t.title ${words.toLowerCase() === words.toUpperCase() ? 'like' : 'ilike'} :like`,
    number: number !== undefined,
    names: names !== null,
    bindings: {
      like: likeOf(words),
      words,
      ...(number === undefined ? {} : { number: `${number}%` }),
      ...(names === null ? {} : { names }),
    },
  }
}

export function rowHasWords(builder: Knex.QueryBuilder, words: string): void {
  const { title, number, names, bindings } = reading(words)
  void builder.whereRaw(`(${[title, ...(number ? [NUMBERED] : []), ...(names ? [ROW_OF_CUSTOMER] : [])].join(' or ')})`, bindings)
}

/**
 * The tickets with these words, each once, as `tickets t`. One part for each way to be found, and not `or`: then the keys of every title found would be made
 * once more, to see which of the ways it was. A pair, or the beginning of one, is all that there is to compare of two characters.
 */
export function setOfWords(trx: Knex, words: string): Knex.QueryBuilder {
  const { title, number, names, bindings } = reading(words)
  const pairs = Array.from(words).length > 2 ? `${KEYED} and ${title}` : KEYED
  const parts = [pairs, ...(number ? [`${NUMBERED} and not ${title}`] : []), ...(names ? [`${SET_OF_CUSTOMERS} and not ${title}`] : [])]
  const sql = parts.map((part) => `select t.* from tickets t where ${part}`).join(' union all ')
  return trx.from(trx.raw(`(${sql}) as t`, bindings))
}

const SAMPLE = 400
/** Of so many titles one has them. */
const COMMON = 8
const sampled = z.object({ rows: z.tuple([z.object({ met: z.coerce.number() })]) })

/** `common`: to look at the tickets one by one meets enough of them soon. `few`: a figure that none of the newest titles has. */
export type Frequency = 'common' | 'rare' | 'few'

/** By the newest titles. */
export async function frequencyOf(trx: Knex, words: string): Promise<Frequency> {
  const { title, names, bindings } = reading(words)
  const { like } = bindings
  const answer: unknown = await trx.raw(
    `select count(*) filter (where ${title}) as met from (select t.title from tickets t order by t.id desc limit ${SAMPLE}) t`,
    { like },
  )
  const { met } = sampled.parse(answer).rows[0]
  if (met * COMMON >= SAMPLE) return 'common'
  return met === 0 && !names ? 'few' : 'rare'
}
