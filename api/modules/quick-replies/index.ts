export { createCategory } from './categories.ts'
export { createReply } from './write-replies.ts'
