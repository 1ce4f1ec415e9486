export { claimAgents } from './claim-agents.ts'
export { releaseWork, takeWork, type Assigned, type AssignmentReason } from './take-work.ts'
export { handAll, releaseAll } from './leaving.ts'
export { announce } from './presence.ts'
