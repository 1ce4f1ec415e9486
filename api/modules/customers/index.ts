export { archiveCustomer } from './archive-customer.ts'
export { noteContacts, type Contact } from './contacts.ts'
export { createCustomer, IdentityTaken, type NewCustomer } from './create-customer.ts'
export {
  customerDevices,
  issueCustomerToken,
  renewCustomerToken,
  revokeCustomerTokens,
  type CustomerDevice,
  type CustomerLogin,
} from './customer-sessions.ts'
export { conditionsOf, exists, onColumn, type Condition } from './conditions.ts'
export { countByConditions, findCustomerIds, listByConditions } from './find-customers.ts'
export { namedInstitutions } from './named-institutions.ts'
export { describeOneself, inviteOwner } from './own-profile.ts'
export { addPageIdentity, customerByEdge, proveEdge, provePageIdentity, takeUnprovenIdentity, type ProvenEdge } from './page-identities.ts'
export { addIdentity, customerByIdentity, type IdentityOutcome, type NewIdentity } from './identities.ts'
export { createInstitution, updateInstitution } from './institutions.ts'
export { makeFormal } from './make-formal.ts'
export { CustomerRow, IdentityRow, InstitutionRow, TagRow } from './model.ts'
export { checkVersion, customerFor, lockCustomer } from './policy.ts'
export { presentCustomer, presentSummaries, tailOf } from './present.ts'
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
export { mergeByProof } from './merging/index.ts'
export { survivorOf, type Merging, type MergingPair } from './merging/index.ts'
export { createNamed, namedIds, PhonesTaken, writeMany, type CustomerEntry } from './write-many.ts'
export { addNote } from './notes.ts'
export { nameCustomer } from './name-customer.ts'
export { personKey, resolveIdentities, type ChannelPerson, type KnownIdentity } from './resolve-identities.ts'
export { readerScope, scopeIds, withinScope } from './scope.ts'
export { searchQuery } from './names.ts'
export { indexedNames, UNINDEXED } from './search-index.ts'
export { shownName, SHOWN_NAME } from './shown-name.ts'
export { checkTags, setTags, tagCustomer } from './tag-one.ts'
export { createTag } from './tags.ts'
export { momentOf, type TimelinePage, type TimelineRequest } from './timeline.ts'
export { updateCustomer } from './update-customer.ts'
