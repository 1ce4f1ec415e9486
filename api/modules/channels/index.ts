export { ChannelAccountRow } from './model.ts'
export { allowancesOf, exhaustAllowances, openPurses, spendAllowance, windowOf, type Opened, type Purse } from './allowances.ts'
export { claimInbound, quarantine, waitingSenders, type ClaimedEvent, type SenderKey } from './claim-inbound.ts'
export { createAccount } from './create-account.ts'
export {
  abandonExpired,
  applyReceipt,
  cancelWaiting,
  claimDeliveries,
  createDeliveries,
  DELIVER_TOPIC,
  deliveryStates,
  finishDelivery,
  heldFor,
  LEASE_SECONDS,
  requeueMessage,
  unfinishedCalls,
  worstState,
  type ClaimedDelivery,
  type Outcome,
  type Receipt,
} from './deliveries.ts'
export { pauseAccount, recordHealth } from './health.ts'
export {
  claimDownloads,
  createDownloads,
  DOWNLOAD_TOPIC,
  finishDownload,
  postponeDownload,
  type ClaimedDownload,
  type NewDownload,
} from './media-downloads.ts'
export { planCalls } from './plan-calls.ts'
export { recordFresh, recordInbound, type InboundRecord } from './record-inbound.ts'
export { INTAKE_TOPIC } from './replay.ts'
export { accountsOf, kindOf, openSettings, type AccountCache, type OpenAccount } from './settings.ts'
export { rotateSecrets, updateAccount } from './update-account.ts'
