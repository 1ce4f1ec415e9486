/** Everything that the bot role does in a process: callbacks in; deliveries, media and profiles by their wake-ups; typing. */
import type { Server } from '@hapi/hapi'
import type { App } from '#api/core/app.ts'
import { DELIVER_TOPIC, DOWNLOAD_TOPIC, INTAKE_TOPIC } from '#api/modules/channels/index.ts'
import { PROFILE_TOPIC } from '#api/modules/customers/index.ts'
import { SMS_TOPIC } from '#api/modules/identity/index.ts'
import { receiveMessages } from '#api/modules/intake/index.ts'
import { QUEUE_STANDINGS_TOPIC } from '#api/modules/routing/index.ts'
import { openChannels } from './channels.ts'
import { createDeliveryWorker } from './delivery/delivery-worker.ts'
import type { Adapters } from './discover.ts'
import { createAssigner } from './gateway/assigner.ts'
import { drainIntake } from './gateway/drain-intake.ts'
import { createIntake } from './gateway/intake.ts'
import { createLedger, ledgerParts } from './gateway/ledger.ts'
import { createReceive } from './gateway/receive.ts'
import { registerGateway } from './gateway/register-gateway.ts'
import { createMediaWorker } from './media/media-worker.ts'
import { createProfileWorker } from './profiles.ts'
import { createSmsWorker } from './sms/sms-worker.ts'
import { createStandingsTeller } from './replies/standings.ts'
import { passOnTyping } from './typing.ts'

export { replyListeners as botListeners } from './replies/listeners.ts'
export { botRoutes } from './routes.ts'

export interface Bot {
  /** Resolves when nothing of the bot runs in this process: for tests. */
  idle(): Promise<void>
  /** Takes nothing new, waits up to ten seconds for what is under way. Stop the server before, close the app after. */
  stop(): Promise<void>
}

const GRACE_MS = 10_000

export function startBot(app: App, { adapters, server }: { adapters: Adapters; server: Server }): Bot {
  const channels = openChannels(app, adapters)
  const assigner = createAssigner(app)
  const intake = createIntake(async (senders) => assigner.add(await receiveMessages(app, senders)), app.log)
  const ledger = createLedger(ledgerParts(app, intake, assigner))
  registerGateway(server, createReceive(app, channels, ledger))
  const workers = {
    [DELIVER_TOPIC]: createDeliveryWorker(app, channels),
    [DOWNLOAD_TOPIC]: createMediaWorker(app, channels),
    [PROFILE_TOPIC]: createProfileWorker(app, channels),
    [SMS_TOPIC]: createSmsWorker(app),
  }
  for (const [topic, worker] of Object.entries(workers)) app.wakeups.serve(topic, () => worker.look())
  app.wakeups.serve(INTAKE_TOPIC, () => drainIntake(app, intake))
  const standings = createStandingsTeller(app)
  app.wakeups.serve(QUEUE_STANDINGS_TOPIC, () => standings.tell())
  const typing = passOnTyping(app, channels)
  // What a process before this one left behind.
  for (const topic of [INTAKE_TOPIC, ...Object.keys(workers)]) app.wakeups.ring(topic)

  return {
    async idle() {
      await ledger.idle()
      await app.wakeups.idle()
      await intake.idle()
      await assigner.idle()
      await Promise.all(Object.values(workers).map((worker) => worker.idle()))
    },
    async stop() {
      typing.stop()
      standings.stop()
      await ledger.idle()
      await Promise.all([intake.stop(), assigner.stop(), ...Object.values(workers).map((worker) => worker.stop(GRACE_MS))])
      await channels.close()
    },
  }
}
