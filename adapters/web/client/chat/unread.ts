import type { Host } from './host.ts'
import type { ChatState } from './state.ts'
import { unreadCount } from './timeline.ts'
import type { Say } from './words/words.ts'

/** In the title of the page, and on the button of the page that embeds it. */
export function showUnread({ timeline, session, seen }: ChatState, say: Say, host: Host | null): void {
  const count = unreadCount(timeline)
  const title = session?.title ?? say('app.fallback_title')
  document.title = count > 0 && !seen ? `(${count}) ${title}` : title
  host?.tell({ type: 'unread', count })
  if (timeline.conversation) host?.tell({ type: 'active' })
}
