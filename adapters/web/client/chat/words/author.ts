import type { Author } from '../wire.ts'
import type { Say } from './words.ts'

export function authorName(author: Author, say: Say): string {
  if (author.kind === 'customer') return say('author.me')
  return author.name ?? say(author.kind === 'bot' ? 'author.bot' : 'author.staff')
}
