import { type StaffClient, type TestApp, unique } from './harness.ts'

/** A new supervisor of a new team in which these people work: what they handle lies in his scope, and nobody else's. */
export async function supervisorOf(it: TestApp, people: readonly StaffClient[], name = unique('主管')): Promise<StaffClient> {
  const [admin, supervisor] = await Promise.all([it.staff('admin'), it.staff('supervisor', name)])
  const team = await admin.post<{ id: string }>('/teams', { name: unique('主管的组') })
  await admin.post(`/teams/${team.id}/members`, { accountIds: people.map(({ me }) => me.id), role: 'agent' })
  await admin.post(`/teams/${team.id}/members`, { accountIds: [supervisor.me.id], role: 'supervisor' })
  return supervisor
}
