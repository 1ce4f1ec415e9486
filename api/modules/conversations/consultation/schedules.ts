import type { App } from '../../../core/app.ts'
import { drainQueue } from '../assign-conversation.ts'
import { endExpiredChoices } from '../matching/choices.ts'
import { admitAtOpening } from '../matching/off-hours.ts'
import { endOverdue } from './leave-queue.ts'

/** Choices that nobody made and doors that have opened: into the queue, and on to whoever is free. */
export async function admitWaiting(app: App): Promise<void> {
  const entered = [...(await endExpiredChoices(app)), ...(await admitAtOpening(app))]
  if (entered.length > 0) await drainQueue(app)
}

export const endWaits = endOverdue
