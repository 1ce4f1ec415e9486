import type { Locale, Say } from '../words/words.ts'

/** What the pieces of the view share. */
export interface ViewContext {
  say: Say
  locale: Locale
  /** The customer chose an option of a menu. */
  choose(text: string): void
  /** The card on which he rates a service. */
  ratingCard(invitationId: string): HTMLElement
  openImage(url: string, name: string): void
  retry(clientKey: string): void
  cancel(clientKey: string): void
  /** Links to files expire: fetches the page around this message anew. */
  refreshFiles(conversationId: string, seq: number): void
  /** The picture that was picked here, as an address; null for anything else. */
  previewOf(clientKey: string): string | null
}
