import { expect, test } from '@jest/globals'
import { queueRulePut } from '../../../contract/routing.ts'
import { randomFrom } from '../assigning/random-field.ts'
import { refuseCircle } from './change-rules.ts'
import { placeFor } from './overflow.ts'

const A = '01930000-0000-7000-8000-00000000000a'
const B = '01930000-0000-7000-8000-00000000000b'
const C = '01930000-0000-7000-8000-00000000000c'
type Hop = { team_id: string | null; overflow: string; overflow_team_id: string | null }
const hop = (from: string | null, to: string | null): Hop => ({
  team_id: from,
  overflow: to === null ? 'none' : 'team',
  overflow_team_id: to,
})
const put = (from: string | null, to: string | null) =>
  queueRulePut.parse({ teamId: from, overflow: to === null ? 'none' : 'team', overflowTeamId: to, version: 0 })

test.each([
  ['to itself', [hop(null, null)], put(A, A)],
  ['back and forth', [hop(null, null), hop(A, B)], put(B, A)],
  ['in three steps', [hop(null, null), hop(A, B), hop(B, C)], put(C, A)],
  ['over a team that goes by the rules of the house', [hop(null, A)], put(A, B)],
])('BP-015.7 overflow in a circle is refused: %s', (_what, rows, wanted) => {
  expect(() => refuseCircle(rows, wanted)).toThrow('overflow would come back')
})

test('BP-015.7 a chain that ends is not a circle', () => {
  expect(() => refuseCircle([hop(null, A), hop(A, B), hop(C, B), hop(B, null)], put(B, null))).not.toThrow()
  expect(() => refuseCircle([hop(null, null), hop(A, B), hop(B, null)], put(C, A))).not.toThrow()
})

test('BP-015.7 whatever the rules say, full queues are never gone through twice', () => {
  const teams = [A, B, C]
  for (let seed = 1; seed <= 500; seed++) {
    const random = randomFrom(seed)
    const rules = new Map(
      [null, ...teams].map((id) => {
        const overflow = (['none', 'team', 'team', 'form'] as const)[random.below(4)] ?? 'none'
        const rule = {
          max_waiting: random.chance(0.2) ? null : random.below(3) + 1,
          overflow,
          overflow_team_id: overflow === 'team' ? (teams[random.below(3)] ?? null) : null,
        }
        return [id, rule]
      }),
    )
    const of = (id: string | null) => rules.get(id)!
    const place = placeFor({ of }, teams[random.below(3)] ?? null, () => random.below(4))
    expect(new Set(place.passed).size).toBe(place.passed.length)
    expect(place.passed).not.toContain(place.teamId)
  }
})
