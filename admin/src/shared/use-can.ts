import { computed, type ComputedRef } from 'vue'
import type { Permission } from '#api/contract/identity.ts'
import { useSession } from '../stores/session.ts'

/** Whether the signed-in member of staff holds a permission. Hides what would be refused; the server decides. */
export const useCan = (permission: Permission): ComputedRef<boolean> => {
  const session = useSession()
  return computed(() => session.can(permission))
}
