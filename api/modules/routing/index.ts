export { freePlaces } from './assigning/free-places.ts'
export { somebodyElseFor } from './assigning/somebody-else.ts'
export { openRound, type Round } from './assigning/claim-agents.ts'
export type { Candidate, Field } from './assigning/decide.ts'
export { loadField } from './assigning/load-field.ts'
export { giveWork, releaseWork, takeWork, type Gift } from './assigning/take-work.ts'
export { assignmentsOf, assignmentsOfStaff } from './history.ts'
export type { AssignableWork, WorkFacts } from './hooks.ts'
export { handAll, releaseAll } from './leaving.ts'
export { announce } from './presence/presence.ts'
export { enterQueue, leaveQueue, moveQueue, type Placed, type QueueEntry } from './queue/enter-queue.ts'
export type { Place } from './queue/next-waiting.ts'
export { queueRuleFor } from './queue/rules.ts'
export type { Familiar, SkillNeed } from './strategies/strategy.ts'
export { type Held, whyWaiting } from './assigning/why-waiting.ts'
export type { Assigned, AssignmentReason, Work } from './work.ts'
export { worthSaying, worthTelling, type Standing } from './waiting/estimate.ts'
export {
  everybodyWaiting,
  forgetStandings,
  rememberJudged,
  rememberSaid,
  rememberTold,
  seePages,
  standingsOf,
  type Waiting,
} from './waiting/standings.ts'
export { QUEUE_STANDINGS_TOPIC } from './waiting/topic.ts'
