/** Plays the WeChat platform for official accounts. Mounted by composition roots and tests, never in production. */
export { ActionRefused } from './callbacks/actor.ts'
export type { CustomerAction } from './callbacks/actions.ts'
export { createOfficialAccountSimulator } from './control/create-simulator.ts'
export type { OfficialAccountSimulator } from './control/simulator.ts'
export type { SimulatedCustomer } from './control/customer-handle.ts'
export { mountSimulator, type MountableSimulator, type MountOptions } from './mount.ts'
export type { SimulatorOptions } from './state/world.ts'
export type * from './types.ts'
