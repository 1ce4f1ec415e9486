import type { PolicySettings } from '../../../contract/routing.ts'
import type { SkillNeed, Standing, Strategy, Wanted } from './strategy.ts'

export const hasSkills = (agent: Pick<Standing, 'skills'>, needs: readonly SkillNeed[]): boolean =>
  needs.every(({ skillId, level }) => (agent.skills.get(skillId) ?? 0) >= level)

/** What the work asks for and what the policy asks for, each skill once at the higher level. */
export function neededSkills(wanted: Pick<Wanted, 'skills'>, settings: Pick<PolicySettings, 'skills'>): SkillNeed[] {
  const needs = new Map<string, number>()
  for (const { skillId, level } of [...wanted.skills, ...settings.skills]) needs.set(skillId, Math.max(level, needs.get(skillId) ?? 0))
  return [...needs].map(([skillId, level]) => ({ skillId, level }))
}

/** Mean level over the skills asked for, 0–5; 0 where none is. */
export function skillLevel(agent: Pick<Standing, 'skills'>, needs: readonly SkillNeed[]): number {
  if (needs.length === 0) return 0
  return needs.reduce((sum, { skillId }) => sum + (agent.skills.get(skillId) ?? 0), 0) / needs.length
}

/** 技能匹配 (BP-015.5): whoever is best at what is asked for. Who lacks one of the skills is not asked at all. */
export const skillMatch: Strategy = {
  admits: (agent, question) => hasSkills(agent, question.needs),
  rank: (agent, question) => -skillLevel(agent, question.needs),
  reason: (agent, question) => ({
    code: 'skill_match',
    params: { level: round(skillLevel(agent, question.needs)), open: agent.load },
  }),
  figures: (agent, question) => ({ skill: round(skillLevel(agent, question.needs)) }),
}

const round = (value: number): number => Math.round(value * 10) / 10
