/** Asks the platform who a new customer is: name, picture, the id that joins his channels. Nothing waits for it. */
import { TransientFailure, type FetchedProfile } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { giveBackProfile, identitiesToProfile, recordProfile } from '#api/modules/customers/index.ts'
import type { Channels } from './channels.ts'
import { Worker } from './worker.ts'

const SLOTS = 4
const CALL_MS = 20_000

type Person = Awaited<ReturnType<typeof identitiesToProfile>>[number]

export const createProfileWorker = (app: App, channels: Channels): Worker<Person> =>
  new Worker<Person>({
    name: 'profiles',
    slots: SLOTS,
    log: app.log,
    claim: (free) => identitiesToProfile(app.db, free),
    async run(person) {
      try {
        await recordProfile(app, person.id, await fetchProfile(channels, person))
      } catch (error) {
        app.log.warn({ identityId: person.id, error: String(error) }, 'profile.not_fetched')
        if (error instanceof TransientFailure) await giveBackProfile(app.db, person.id)
      }
    },
  })

async function fetchProfile(channels: Channels, person: Person): Promise<FetchedProfile | null> {
  const { adapter, account, active, call } = await channels.get(person.channelAccountId)
  if (!active || !adapter.fetchProfile) return null
  return adapter.fetchProfile(account, person.externalId, call(CALL_MS).ctx)
}
