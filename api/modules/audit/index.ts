export { chainHead, verifyChain } from './chain.ts'
export { changesOf, record, type AuditLine } from './record.ts'
