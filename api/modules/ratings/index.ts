export { takeRatingAnswers, type WrittenWords } from './take-answers.ts'
