import type { z } from 'zod'
import type {
  DryRun,
  dryRunRequest,
  Policy,
  policyCreate,
  policyOrder,
  policyPatch,
  QueueRule,
  queueRulePut,
  WorkKind,
} from '#api/contract/routing.ts'
import { http } from './http.ts'

export type PolicyBody = z.input<typeof policyCreate>
export type PolicyPatch = z.input<typeof policyPatch>
export type QueueRuleBody = z.input<typeof queueRulePut>
export type DryRunBody = z.input<typeof dryRunRequest>

const at = (id: string) => `/routing/policies/${encodeURIComponent(id)}`
export const fetchPolicies = (workKind: WorkKind): Promise<Policy[]> => http.get('/routing/policies', { workKind })
export const createPolicy = (body: PolicyBody): Promise<Policy> => http.post('/routing/policies', body)
export const patchPolicy = (id: string, body: PolicyPatch): Promise<Policy> => http.patch(at(id), body)
export const removePolicy = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
export const orderPolicies = (body: z.input<typeof policyOrder>): Promise<Policy[]> => http.put('/routing/policies/order', body)

export const fetchQueueRules = (): Promise<QueueRule[]> => http.get('/routing/queue-rules')
export const putQueueRule = (body: QueueRuleBody): Promise<QueueRule> => http.put('/routing/queue-rules', body)
export const removeQueueRule = (id: string, version: number): Promise<null> =>
  http.delete(`/routing/queue-rules/${encodeURIComponent(id)}`, { version })

export const dryRun = (body: DryRunBody): Promise<DryRun> => http.post('/routing/dry-run', body)
