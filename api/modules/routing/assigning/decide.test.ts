/** Who gets which work: properties over houses made up at random, and the plain cases beside them. `ROUTING_CASES=10000` asks for more of them. */
import { describe, expect, test } from '@jest/globals'
import { STRATEGIES, type StrategyCode } from '../../../contract/routing.ts'
import { type Decision, decide, decideAll, exclusionOf, type Field } from './decide.ts'
import { candidate, field, job, NOW, policy, randomFrom, randomHouse } from './random-field.ts'

const CASES = Number(process.env['ROUTING_CASES'] ?? 500)
const seeds = Array.from({ length: CASES }, (_, index) => index + 1)
const TURN = NOW * 1000

const settingsOf: Partial<Record<StrategyCode, object>> = {
  directed: { accountIds: ['agent-03', 'agent-00', 'agent-05'] },
  skill_match: { skills: [{ skillId: 'skill-1', level: 2 }] },
}
const policyOf = (code: StrategyCode) => policy(code, settingsOf[code] ?? {})
const told = (decided: ReadonlyMap<string, Decision>) => [...decided].map(([id, { agent, reason }]) => [id, agent.accountId, reason])

describe.each(STRATEGIES)('%s, in any house', (code) => {
  test('never exceeds a limit of an agent or of a team, and gives only to who may have it', () => {
    const wrong = seeds.flatMap((seed) => {
      const { field: house, jobs } = randomHouse(seed, [policyOf(code)])
      const before = new Map(house.candidates.map((agent) => [agent.accountId, agent.load]))
      const rooms = new Map(house.rooms)
      const given = decideAll(house, jobs, TURN)
      const people = house.candidates.filter((agent) => {
        const count = [...given.values()].filter((one) => one.agent === agent).length
        const counted = agent.load === (before.get(agent.accountId) ?? 0) + count
        return !counted || (count > 0 && (agent.load > agent.capacity || agent.status !== 'online' || !agent.onDuty))
      })
      const teams = [...rooms].filter(([team, room]) => {
        const taken = [...given.values()].filter(({ agent }) => agent.limitedTeamIds.includes(team)).length
        return taken > Math.max(0, room)
      })
      const misplaced = jobs.filter(({ workId, teamId, skills }) => {
        const agent = given.get(workId)?.agent
        if (!agent) return false
        return (
          (teamId !== null && !agent.teamIds.has(teamId)) || skills.some(({ skillId, level }) => (agent.skills.get(skillId) ?? 0) < level)
        )
      })
      return people.length + teams.length + misplaced.length === 0 ? [] : [{ seed, people, teams, misplaced }]
    })
    expect(wrong).toEqual([])
  })

  test('the same house gives the same answer, in whatever order its people are listed', () => {
    const wrong = seeds.filter((seed) => {
      const one = randomHouse(seed, [policyOf(code)])
      const other = randomHouse(seed, [policyOf(code)])
      const mixed: Field = { ...other.field, candidates: randomFrom(seed + 7).shuffled(other.field.candidates) }
      return JSON.stringify(told(decideAll(mixed, other.jobs, TURN))) !== JSON.stringify(told(decideAll(one.field, one.jobs, TURN)))
    })
    expect(wrong).toEqual([])
  })

  test('nobody waits while somebody could have it', () => {
    const wrong = seeds.flatMap((seed) => {
      const { field: house, jobs } = randomHouse(seed, [policyOf(code)])
      const given = decideAll(house, jobs, TURN)
      // Room only shrinks within a round: who can have it now could have had it then.
      return jobs.filter((one) => !given.has(one.workId) && house.candidates.some((agent) => exclusionOf(house, one, agent) === null))
    })
    expect(wrong).toEqual([])
  })
})

const crowd = (count: number, capacity = 1000) => Array.from({ length: count }, (_, index) => candidate(`agent-${index}`, { capacity }))
const work = (count: number) => Array.from({ length: count }, (_, index) => job(`work-${index}`))
const shares = (house: Field, count: number) => {
  const given = new Map(house.candidates.map(({ accountId }) => [accountId, 0]))
  for (const { agent } of decideAll(house, work(count), TURN).values()) given.set(agent.accountId, (given.get(agent.accountId) ?? 0) + 1)
  return [...given.values()]
}

describe('fairness', () => {
  test('BP-015.3 round robin gives everybody the same, whatever he has already, one more at most', () => {
    for (const seed of seeds) {
      const random = randomFrom(seed)
      const people = crowd(1 + random.below(9)).map((agent) => ({ ...agent, load: random.below(50) }))
      const given = shares(field(people, [policy('round_robin')]), random.below(60))
      expect(Math.max(...given) - Math.min(...given)).toBeLessThanOrEqual(1)
    }
  })

  test('BP-015.4 fewest open levels out what people have, and never lets one who has more go first', () => {
    for (const seed of seeds) {
      const random = randomFrom(seed)
      const people = crowd(2 + random.below(8)).map((agent) => ({ ...agent, load: random.below(10) }))
      const house = field(people, [policy('least_open')])
      decideAll(house, work(10 * people.length), TURN)
      const loads = house.candidates.map(({ load }) => load)
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
    }
  })

  test('BP-015.6 weighted by load alone fills everybody to the same share of his limit', () => {
    for (const seed of seeds) {
      const random = randomFrom(seed)
      const people = crowd(4).map((agent) => ({ ...agent, capacity: 10 * (1 + random.below(4)) }))
      const house = field(people, [policy('weighted', { weights: { load: 100, skill: 0, response: 0, idle: 0 } })])
      decideAll(house, work(20), TURN)
      const filled = house.candidates.map(({ load, capacity }) => load / capacity)
      expect(Math.max(...filled) - Math.min(...filled)).toBeLessThanOrEqual(0.1 + 1e-9)
    }
  })

  test('BP-015.5 of those who have the skills the best comes first while he has room, then the next best', () => {
    for (const seed of seeds) {
      const random = randomFrom(seed)
      const people = crowd(5, 3).map((agent) => ({ ...agent, skills: new Map([['french', random.below(6)]]) }))
      const house = field(people, [policy('skill_match', { skills: [{ skillId: 'french', level: 2 }] }, { otherwise: 'wait' })])
      const levels = [...decideAll(house, work(20), TURN).values()].map(({ agent }) => agent.skills.get('french') ?? 0)
      expect(levels).toEqual([...levels].sort((a, b) => b - a))
      expect(levels.every((level) => level >= 2)).toBe(true)
      expect(levels).toHaveLength(3 * people.filter(({ skills }) => (skills.get('french') ?? 0) >= 2).length)
    }
  })

  test('directed goes down its list as each fills up', () => {
    const house = field(crowd(4, 2), [policy('directed', { accountIds: ['agent-2', 'agent-0'] }, { otherwise: 'wait' })])
    const given = [...decideAll(house, work(6), TURN).values()].map(({ agent }) => agent.accountId)
    expect(given).toEqual(['agent-2', 'agent-2', 'agent-0', 'agent-0'])
  })

  test('a familiar face comes first, the latest of several; then the regular customer’s own agent; then whoever has least', () => {
    const day = 86_400_000
    const people = [candidate('old', { load: 5 }), candidate('lately', { load: 9 }), candidate('own', { load: 7 }), candidate('idle')]
    const familiar = [
      { accountId: 'old', servedAt: NOW - 40 * day },
      { accountId: 'lately', servedAt: NOW - 2 * day },
      { accountId: 'own', servedAt: null },
    ]
    const chosen = (left: typeof people, days = 90) =>
      decide(field(left, [policy('familiar_first', { familiarDays: days })]), job('w', { familiar })).agent?.accountId
    expect(chosen(people)).toBe('lately')
    expect(chosen(people.filter(({ accountId }) => accountId !== 'lately'))).toBe('old')
    expect(
      chosen(
        people.filter(({ accountId }) => accountId !== 'lately'),
        30,
      ),
    ).toBe('own')
    expect(chosen(people.slice(3))).toBe('idle')
  })
})

describe('policies in order', () => {
  test('the first that applies decides; one that finds nobody asks the next, or waits where it says so', () => {
    const directed = policy('directed', { accountIds: ['away'] })
    const people = [candidate('here')]
    const passed = decide(field(people, [directed, policy('round_robin')]), job('w'))
    expect(passed).toMatchObject({ agent: { accountId: 'here' }, strategy: 'round_robin', reason: { params: { policy: 'round_robin' } } })
    const waits = decide(field(people, [{ ...directed, otherwise: 'wait' }, policy('round_robin')]), job('w'))
    expect(waits).toMatchObject({ agent: null, reason: { code: 'waits_for_policy', params: { policy: 'directed' } } })
  })

  test.each([
    ['off', { enabled: false }],
    ['not yet in effect', { effectiveFrom: new Date(NOW + 1) }],
    ['no longer in effect', { effectiveUntil: new Date(NOW) }],
    ['of another team', { teamId: 'elsewhere' }],
  ])('one that is %s is passed over', (_what, more) => {
    const decision = decide(field([candidate('here')], [policy('round_robin', {}, more)]), job('w'))
    expect(decision).toMatchObject({ policy: null, strategy: 'least_open', reason: { code: 'only_agent' } })
  })

  test('who let it pass is asked only when nobody else is left; who is preferred comes before every policy', () => {
    const people = [candidate('a'), candidate('b', { load: 5 })]
    expect(decide(field(people), job('w', { passedBy: ['a'] })).agent?.accountId).toBe('b')
    expect(decide(field(people), job('w', { passedBy: ['a', 'b'] })).agent?.accountId).toBe('a')
    const all = field(people, [policy('directed', { accountIds: ['a'] })])
    expect(decide(all, job('w', { preferredAccountId: 'b' }))).toMatchObject({ agent: { accountId: 'b' }, reason: { code: 'preferred' } })
  })
})

describe('BP-007.6 limits', () => {
  test('who is in two limited teams takes a place in both; a team over its limit gets nothing', () => {
    const three = [
      candidate('a', { limitedTeamIds: ['sales', 'vip'] }),
      candidate('b', { limitedTeamIds: ['sales'] }),
      candidate('c', { limitedTeamIds: ['vip'] }),
    ]
    const given = [...decideAll(field(three, [], { sales: 2, vip: 2 }), work(9), TURN).values()].map(({ agent }) => agent.accountId)
    expect(given.filter((id) => id !== 'c').length).toBeLessThanOrEqual(2)
    expect(given.filter((id) => id !== 'b').length).toBeLessThanOrEqual(2)
    expect(decide(field([candidate('a', { limitedTeamIds: ['sales'] })], [], { sales: -1 }), job('w')).agent).toBeNull()
  })
})
