export { createLink } from './links/create-link.ts'
export { listTargetTeams } from './links/targets.ts'
export { webPageAccount } from './web-page.ts'
