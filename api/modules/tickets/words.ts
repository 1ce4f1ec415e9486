/**
 * What is typed into the search of tickets: a number or the beginning of one; else a piece of the title, or the customer's name as customers are found
 * (by parts and 拼音). Titles are found by their pairs of characters, of which two make a Chinese word; the pattern then says whether they stand in order.
 */
import type { Knex } from 'knex'
import { searchQuery } from '../customers/index.ts'

const NUMBER = /^#?(\d{4,8}(?:-\d{0,6})?)$/
const likeOf = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`
const TITLE = 't.title ilike :like'
/** Of whom the terms are not made yet: behind an index of their own. */
const UNINDEXED = `c.name_search is null and (c.name is not null or c.remark_name is not null) and (c.name ilike :like or c.remark_name ilike :like)`
const NAMED = `(c.name_search @@ :names::tsquery or (${UNINDEXED}))`

interface Forms {
  title: string
  customer: string
}

/** `offset 0`: one look for each row, never all customers of that name first. */
const BY_ROW: Forms = { title: TITLE, customer: `exists (select 1 from customers c where c.id = t.customer_id and ${NAMED} offset 0)` }
const BY_SET: Forms = {
  title: `(ticket_title_keys(t.title) @@ ticket_title_query(:words) and ${TITLE})`,
  customer: `t.customer_id = any(array(select c.id from customers c where c.name_search @@ :names::tsquery
    union all select c.id from customers c where ${UNINDEXED}))`,
}

function byWords(builder: Knex.QueryBuilder, words: string, { title, customer }: Forms): void {
  const number = NUMBER.exec(words)?.[1]
  const names = number === undefined ? searchQuery(words) : null
  const bindings = {
    like: likeOf(words),
    words,
    ...(number === undefined ? {} : { number: `${number}%` }),
    ...(names === null ? {} : { names }),
  }
  const ways = [title, ...(number === undefined ? [] : ['t.number like :number']), ...(names === null ? [] : [customer])]
  void builder.whereRaw(`(${ways.join(' or ')})`, bindings)
}

export const rowHasWords = (builder: Knex.QueryBuilder, words: string): void => byWords(builder, words, BY_ROW)
export const setOfWords = (builder: Knex.QueryBuilder, words: string): void => byWords(builder, words, BY_SET)
