export { claimAgents } from './claim-agents.ts'
export { releaseWork, takeWork, type Assigned, type AssignmentReason } from './take-work.ts'
export { announce } from './presence.ts'
