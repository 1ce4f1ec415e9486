/** Serves the outbox of text messages. */
import type { App } from '#api/core/app.ts'
import { claimSms, settleSms, type SmsClaim } from '#api/modules/identity/index.ts'
import { Worker } from '../worker.ts'
import { createSendSms } from './send-sms.ts'

const SLOTS = 8

export function createSmsWorker(app: App): Worker<SmsClaim> {
  const send = createSendSms(app)
  const worker: Worker<SmsClaim> = new Worker<SmsClaim>({
    name: 'sms',
    slots: SLOTS,
    log: app.log,
    claim: (free) => claimSms(app, free),
    async run(claim) {
      const outcome = await send(claim, claim.attempt)
      await settleSms(app, claim, outcome)
      if (outcome.state === 'sent') return
      // Neither the number nor what the message says belongs in a log.
      app.log.warn({ smsId: claim.id, provider: outcome.provider, code: outcome.code, again: outcome.retryMs !== null }, 'sms.failed')
      if (outcome.retryMs !== null) worker.lookAfter(outcome.retryMs + 500)
    },
  })
  return worker
}
