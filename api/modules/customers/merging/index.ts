/** What the rest of the module takes from merging. */
import type { Listener } from '../../../core/events/domain-events.ts'
import type { Schedule } from '../../../core/modules.ts'
import { KEY_SHARED, onKeyShared } from './automatic.ts'
import { findAlike } from './find-alike.ts'
import { moveStragglers } from './stragglers.ts'

export { mergeByProof } from './by-proof.ts'
export { tellKeyShared } from './automatic.ts'
export type { Merging, MergingPair } from './port.ts'
export { routes as mergingRoutes } from './routes.ts'
export { survivorOf } from './survivor.ts'

export const mergingListeners: readonly Listener[] = [{ name: 'customers.merge-on-strong-keys', on: [KEY_SHARED], handle: onKeyShared }]
export const mergingSchedules: readonly Schedule[] = [
  { name: 'customers.find-alike', everySeconds: 60, run: findAlike },
  { name: 'customers.move-stragglers', everySeconds: 60, run: moveStragglers },
]
