/** What the core knows of channels. A composition root injects it, so that no line of the core names a channel. */
import type { ChannelKind } from '../contract/channel.ts'
import type { z } from 'zod'
import type { webIdentityClaim } from '../contract/web.ts'

export interface KnownVisitor {
  externalId: string
  name?: string
  avatarUrl?: string
}

export interface CatalogueEntry extends ChannelKind {
  /** A platform posts to us. */
  receivesCallbacks: boolean
  /** Names of the secret settings. */
  secrets: readonly string[]
  /** Parsed settings, or the faults by field. */
  parseConfig(config: Record<string, unknown>): { config: Record<string, unknown> } | { faults: { field: string; message: string }[] }
  /** Is this visitor who his host site says he is? null when not. Absent on channels that identify by themselves. */
  identify?(
    account: { id: string; config: Record<string, unknown> },
    claim: z.infer<typeof webIdentityClaim>,
    now: Date,
  ): KnownVisitor | null
}

export interface ChannelCatalogue {
  kinds(): CatalogueEntry[]
  /** undefined for a kind that no adapter provides. */
  get(kind: string): CatalogueEntry | undefined
}
