export { issueCustomerToken } from './customer-sessions.ts'
export { nameCustomer } from './rename-customer.ts'
export { tailOf } from './present.ts'
export {
  forgetProfile,
  giveBackProfile,
  identitiesToProfile,
  forgetPendingSources,
  keepPendingSource,
  markSubscribed,
  PROFILE_TOPIC,
  recordProfile,
  type ChannelProfile,
} from './profiles.ts'
export { personKey, resolveIdentities, SHOWN_NAME, type ChannelPerson, type KnownIdentity } from './resolve-identities.ts'
