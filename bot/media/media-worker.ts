/** Fetches the pictures, voices, videos and files that callbacks only named. */
import { ChannelFailure, PermanentFailure, QuotaSpent } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { AppError } from '#api/core/errors.ts'
import { claimDownloads, type ClaimedDownload } from '#api/modules/channels/index.ts'
import { recordMedia, recordMediaFailure } from '#api/modules/conversations/index.ts'
import { storeFile } from '#api/modules/files/index.ts'
import type { Channels } from '../channels.ts'
import { readAll } from '../http/bounded-body.ts'
import { MAX_DOWNLOAD_BYTES } from '../http/exchange.ts'
import { Worker } from '../worker.ts'
import { fileNameOf } from './file-name.ts'

/** Each may hold a whole file in memory. */
const SLOTS = 4
/** Within the lease of 90 seconds, storing included. */
const FETCH_MS = 75_000

export function createMediaWorker(app: App, channels: Channels): Worker<ClaimedDownload> {
  const worker: Worker<ClaimedDownload> = new Worker<ClaimedDownload>({
    name: 'media',
    slots: SLOTS,
    log: app.log,
    claim: (free) => claimDownloads(app.db, free),
    async run(claim) {
      try {
        const attachmentId = await fetchAndStore(app, channels, claim)
        await recordMedia(app, claim, { attachmentId })
      } catch (error) {
        const { reason, final } = faultOf(error)
        app.log.warn({ downloadId: claim.id, attempts: claim.attempts, reason, error: String(error) }, 'media.failed')
        if (!(await recordMediaFailure(app, claim, reason, final))) worker.lookAfter(longestWait(claim.attempts))
      }
    },
  })
  return worker
}

async function fetchAndStore(app: App, channels: Channels, claim: ClaimedDownload): Promise<string> {
  const { adapter, account, call } = await channels.get(claim.channel_account_id)
  if (!adapter.fetchMedia) throw new PermanentFailure('part_not_supported', 'this channel fetches no media')
  const { id, format, thumbId } = claim.ref
  const ref = { id, ...(format === undefined ? {} : { format }), ...(thumbId === undefined ? {} : { thumbId }) }
  const media = await adapter.fetchMedia(account, ref, call(FETCH_MS).ctx)
  const data = await readAll(media.stream, MAX_DOWNLOAD_BYTES)
  const name = fileNameOf(claim.ref, media)
  const file = await storeFile(app, { data, name, ...(media.mime === undefined ? {} : { mimeHint: media.mime }) })
  return file.id
}

/** Why it failed, as a code for the screens, and whether another try is pointless. */
function faultOf(error: unknown): { reason: string; final: boolean } {
  if (error instanceof PermanentFailure) return { reason: error.reason, final: true }
  if (error instanceof QuotaSpent) return { reason: 'api_quota_spent', final: false }
  if (error instanceof ChannelFailure) return { reason: 'platform_unreachable', final: false }
  // The file itself is refused: empty, of a forbidden type, too many pixels.
  if (error instanceof AppError && error.kind === 'invalid') return { reason: error.code, final: true }
  return { reason: 'platform_unreachable', final: false }
}

/** A little more than the longest that `postponeDownload` puts between two tries. */
const longestWait = (attempts: number) => 6500 * 4 ** (attempts - 1)
