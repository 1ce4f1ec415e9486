/** The words of something that is worded in both languages. */
export const labelIn = (worded: { labelZh: string; labelEn: string }, locale: string): string =>
  locale === 'en' ? worded.labelEn : worded.labelZh
