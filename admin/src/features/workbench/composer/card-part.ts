import type { MessagePartInput } from '#api/contract/message.ts'

type CardInput = Extract<MessagePartInput, { type: 'card' }>
export type CardKind = CardInput['card']
export type CardField = 'title' | 'description' | 'url' | 'hqUrl' | 'appId' | 'pagePath' | 'refId'

interface Asked {
  field: CardField
  /** Key of its words, below `composer.cards`. */
  words: string
  needed: boolean
}
const ask = (field: CardField, { words, needed = true }: { words?: string; needed?: boolean } = {}): Asked => ({
  field,
  words: words ?? field,
  needed,
})
/** What the customer sees of it comes from the platform; this one is for the timeline. */
const LABEL = ask('title', { words: 'label', needed: false })

/** What each kind of card is made of, in the order in which it is asked for. */
export const CARD_FIELDS: Record<CardKind, readonly Asked[]> = {
  miniprogram: [ask('title'), ask('appId'), ask('pagePath')],
  article: [ask('refId', { words: 'articleId' }), LABEL],
  mpnews: [ask('refId', { words: 'mediaId' }), LABEL],
  coupon: [ask('refId', { words: 'cardId' }), LABEL],
  music: [ask('title'), ask('url'), ask('hqUrl', { needed: false }), ask('description', { needed: false })],
}
export const CARD_KINDS: readonly CardKind[] = ['miniprogram', 'article', 'mpnews', 'coupon', 'music']
/** The others are drawn by the platform from what it knows of them. */
export const COVERED: readonly CardKind[] = ['miniprogram', 'music']

const isWebAddress = (text: string): boolean => /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text)

export type Card = { part: CardInput } | { wrong: CardField; reason: 'missing' | 'address' }

/** The card that was written, or the first field that does not do. */
export const cardOf = (card: CardKind, written: Record<CardField, string>): Card => {
  const part: CardInput = { type: 'card', card }
  for (const { field, needed } of CARD_FIELDS[card]) {
    const text = written[field].trim()
    if (text === '' && needed) return { wrong: field, reason: 'missing' }
    if (text === '') continue
    if ((field === 'url' || field === 'hqUrl') && !isWebAddress(text)) return { wrong: field, reason: 'address' }
    part[field] = text
  }
  return { part }
}
