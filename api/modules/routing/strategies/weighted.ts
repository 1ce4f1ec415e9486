import type { Weights } from '../../../contract/routing.ts'
import { skillLevel } from './skill-match.ts'
import type { Question, Standing, Strategy } from './strategy.ts'

const SLOW_SECONDS = 600
const IDLE_SECONDS = 1800
const BEST_LEVEL = 5

/** Between two assignments; who was never given anything has waited as long as counts. */
const idleSeconds = ({ lastAssigned }: Standing, now: number): number | null =>
  lastAssigned === -Infinity ? null : Math.max(0, Math.floor((now - lastAssigned / 1000) / 1000))

/** Each 0–1, 1 the best. Without any figure somebody stands in the middle: neither favoured nor punished. */
function sharesOf(agent: Standing, question: Question): Record<keyof Weights, number> {
  const { needs } = question
  const idle = idleSeconds(agent, question.now)
  return {
    load: agent.capacity > 0 ? Math.max(0, 1 - agent.load / agent.capacity) : 0,
    skill: needs.length === 0 ? 0.5 : skillLevel(agent, needs) / BEST_LEVEL,
    response: agent.responseSeconds === null ? 0.5 : 1 - Math.min(agent.responseSeconds, SLOW_SECONDS) / SLOW_SECONDS,
    idle: idle === null ? 1 : Math.min(idle, IDLE_SECONDS) / IDLE_SECONDS,
  }
}

/** Points of 100 that each weight brings, to a tenth. */
export function partsOf(agent: Standing, question: Question): Record<keyof Weights, number> {
  const { load, skill, response, idle } = question.settings.weights
  const total = load + skill + response + idle || 1
  const shares = sharesOf(agent, question)
  const points = (weight: number, share: number) => Math.round(((1000 * weight) / total) * share) / 10
  return {
    load: points(load, shares.load),
    skill: points(skill, shares.skill),
    response: points(response, shares.response),
    idle: points(idle, shares.idle),
  }
}

export function scoreOf(agent: Standing, question: Question): number {
  const { load, skill, response, idle } = partsOf(agent, question)
  return Math.round((load + skill + response + idle) * 10) / 10
}

/** 负载均衡 (BP-015.6): load, skill, recent response and idle time, weighed as the policy says; the highest score. */
export const weighted: Strategy = {
  rank: (agent, question) => -scoreOf(agent, question),
  reason: (agent, question) => ({ code: 'weighted', params: { score: scoreOf(agent, question), open: agent.load } }),
  figures: (agent, question) => ({
    score: scoreOf(agent, question),
    parts: partsOf(agent, question),
    responseSeconds: agent.responseSeconds,
    idleSeconds: idleSeconds(agent, question.now),
    skill: Math.round(skillLevel(agent, question.needs) * 10) / 10,
  }),
}
