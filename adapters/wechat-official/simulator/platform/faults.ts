/** Misbehaviour that a test or a person at the page asked for. */
import type { World } from '../state/world.ts'
import type { ApiFaultEffect } from '../types.ts'

/** The first fault that fits the path, used up by one call. */
export const takeApiFault = (world: World, path: string): ApiFaultEffect | undefined => {
  const index = world.apiFaults.findIndex((candidate) => candidate.path === '*' || candidate.path === path)
  const found = world.apiFaults[index]
  if (!found) return undefined
  const left = (found.times ?? 1) - 1
  if (left <= 0) world.apiFaults.splice(index, 1)
  else world.apiFaults[index] = { ...found, times: left }
  return found.fault
}

export const describeFault = (fault: ApiFaultEffect): string => {
  switch (fault.kind) {
    case 'latency':
      return `latency ${fault.ms} ms`
    case 'status':
      return `status ${fault.status}`
    case 'errcode':
      return `errcode ${fault.errcode}`
    default:
      return fault.kind
  }
}
