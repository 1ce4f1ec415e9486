export { claimAgent, releaseWork, takeWork, type Assigned, type AssignmentReason } from './claim-agent.ts'
export { announce } from './presence.ts'
