import { expect, test } from '@jest/globals'
import { type Staffing, type Wait, waitingReason } from './waiting-reason.ts'

const agent = (load: number, capacity: number, skills: Record<string, number> = {}) => ({
  load,
  capacity,
  skills: new Map(Object.entries(skills)),
})
const team = (more: Partial<Staffing> = {}): Staffing => ({ name: '售后组', open: true, agents: [agent(1, 5)], ...more })
const wait = (more: Partial<Wait> = {}): Wait => ({ waitingFor: null, skills: [], held: null, ...more })

test.each<[string, Wait, Staffing, object]>([
  ['the customer is still choosing a team', wait({ waitingFor: 'team_choice' }), team({ agents: [] }), { code: 'choosing_team' }],
  ['nobody works at this hour', wait({ waitingFor: 'off_hours' }), team(), { code: 'off_hours' }],
  ['the team is closed', wait(), team({ open: false, agents: [] }), { code: 'team_closed', params: { team: '售后组' } }],
  ['the team is open and nobody is there', wait(), team({ agents: [] }), { code: 'nobody_online' }],
  [
    'none of those there knows enough',
    wait({ skills: [{ id: 'billing', level: 3 }] }),
    team({ agents: [agent(0, 5, { billing: 2 })] }),
    { code: 'nobody_with_skill', params: { agents: 1 } },
  ],
  [
    'who knows enough is full, others do not count',
    wait({ skills: [{ id: 'billing', level: 3 }] }),
    team({ agents: [agent(5, 5, { billing: 3 }), agent(0, 5)] }),
    { code: 'all_full', params: { agents: 1, load: 5, capacity: 5 } },
  ],
  ['somebody has room and his team has none', wait({ held: { code: 'team_full' } }), team(), { code: 'team_full' }],
  [
    'a policy keeps it for its own people',
    wait({ held: { code: 'waits_for_policy', policy: '专家' } }),
    team(),
    { code: 'waits_for_policy', params: { policy: '专家' } },
  ],
  [
    'everybody is full, whatever a policy says',
    wait({ held: { code: 'team_full' } }),
    team({ agents: [agent(5, 5)] }),
    { code: 'all_full' },
  ],
  ['somebody has room', wait(), team({ agents: [agent(5, 5), agent(4, 5)] }), { code: 'being_assigned' }],
])('BP-012.1 %s', (_, waiting, staffing, expected) => {
  expect(waitingReason(waiting, staffing)).toMatchObject(expected)
})
