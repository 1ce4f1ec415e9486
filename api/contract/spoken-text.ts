/** A text that customers get by itself, in their languages. */
import { z } from 'zod'
import { safeText } from './message.ts'

/** English that is empty is said in Chinese. Both empty: nothing is said. */
export const spokenText = (max: number) => z.strictObject({ zh: safeText(max), en: safeText(max) })
export type SpokenText = z.infer<ReturnType<typeof spokenText>>

/** Pure. @param english the customer's page or profile speaks it; else, and where nothing is known, Chinese */
export const inLanguage = ({ zh, en }: SpokenText, english: boolean): string => (english && en.trim() !== '' ? en : zh)
