import { computed, onScopeDispose, watch } from 'vue'
import type { CustomerImport } from '#api/contract/import.ts'
import { fetchCustomerImport } from '../../../api/imports.ts'
import { useResource } from '../../../shared/use-resource.ts'

const POLL_MS = 1000

/** One import; while the server reads or applies it, asked for again every second. */
export const useImport = (id: () => string) => {
  const resource = useResource<CustomerImport>(() => fetchCustomerImport(id()))
  const working = computed(() => resource.value.value?.state === 'reading' || resource.value.value?.state === 'applying')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch([resource.value, resource.failed, resource.loading], () => {
    clearTimeout(timer)
    if (working.value && !resource.loading.value) timer = setTimeout(() => void resource.load(), POLL_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { ...resource, working }
}
