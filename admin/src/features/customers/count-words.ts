/** `12,345`, or `10,000+` where counting stopped. */
export const countWords = ({ count, capped }: { count: number; capped: boolean }, locale: string): string =>
  `${new Intl.NumberFormat(locale).format(count)}${capped ? '+' : ''}`
