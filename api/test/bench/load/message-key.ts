/** Names a message inside its own text, so that it is found again in whatever an agent is sent. */
export const KEY_START = '#<'
export const KEY_END = '>#'

const WORDS = '我的订单还没有到货,请帮我查一下现在到哪里了。 The parcel has not arrived yet. '.repeat(2)

export const textWith = (key: string): string => KEY_START + key + KEY_END + WORDS
