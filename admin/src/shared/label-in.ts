/** The words of something that is worded in both languages. */
export const labelIn = (worded: { labelZh: string; labelEn: string }, locale: string): string =>
  locale === 'en' ? worded.labelEn : worded.labelZh
/** Where one language is missing the other is better than none. */
export const hintIn = ({ hintZh, hintEn }: { hintZh: string; hintEn: string }, locale: string): string =>
  locale === 'en' ? hintEn || hintZh : hintZh || hintEn
