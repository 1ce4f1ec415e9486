import type { Locale } from '../chat/words/words.ts'

const zhCN = {
  title: '服务评价',
  about: '客服 {name} 为您服务',
  score: '评分',
  1: '非常不满意',
  2: '不满意',
  3: '一般',
  4: '满意',
  5: '非常满意',
  bad: '不满意',
  middle: '一般',
  good: '满意',
  reasons: '哪些方面？（可多选）',
  comment: '还想说点什么？（选填）',
  submit: '提交评价',
  explain: '补充说明',
  thanks: '感谢您的评价',
  expired: '评价已过期，感谢您的关注',
  expired_hint: '如果还有问题，请直接留言。',
  given: '您已经评价过了',
  loading: '加载中…',
  failed: '没有加载出来',
  not_sent: '没有提交成功，请重试',
  retry: '重试',
  not_found: '这个评价链接不正确',
  not_found_hint: '请检查链接是否完整。',
}
export type RatingWords = typeof zhCN
const en: RatingWords = {
  title: 'Rate our service',
  about: '{name} served you',
  score: 'Score',
  1: 'Very poor',
  2: 'Poor',
  3: 'So-so',
  4: 'Good',
  5: 'Very good',
  bad: 'Not satisfied',
  middle: 'So-so',
  good: 'Satisfied',
  reasons: 'What about? (choose any)',
  comment: 'Anything to add? (optional)',
  submit: 'Send rating',
  explain: 'Add a comment',
  thanks: 'Thank you for rating',
  expired: 'This invitation has expired',
  expired_hint: 'If there is anything else, just write to us.',
  given: 'You have already rated this service',
  loading: 'Loading…',
  failed: 'This did not load',
  not_sent: 'This was not sent, please try again',
  retry: 'Retry',
  not_found: 'This link is not right',
  not_found_hint: 'Please check that it is complete.',
}
export const ratingWords = (locale: Locale): RatingWords => (locale === 'en' ? en : zhCN)

export const scoreWord = (words: RatingWords, score: number, scale: number): string => {
  const ofThree = [words.bad, words.middle, words.good]
  const ofFive = [words[1], words[2], words[3], words[4], words[5]]
  return (scale === 3 ? ofThree : ofFive)[score - 1] ?? ''
}
