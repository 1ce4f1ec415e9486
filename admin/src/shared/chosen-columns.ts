import { computed, ref, type ComputedRef } from 'vue'
import { keepLayout } from '../stores/kept-layout.ts'
import { readStoredJson } from './browser-storage.ts'
import type { TableColumn } from './table-column.ts'

/** A column that stands first always, at first, or where the reader wants it. */
export type OptionalColumn = TableColumn & { fixed?: boolean; initially?: boolean }

/** @param chosen keys the reader chose; null: never chose. Keys that are gone are passed over. */
export function columnsFor(all: readonly OptionalColumn[], chosen: readonly string[] | null): TableColumn[] {
  return all.filter((column) => column.fixed === true || (chosen?.includes(column.key) ?? column.initially === true))
}

/** The columns of a list as the reader chose them, kept with his layout under `storageKey`. */
export function useChosenColumns(
  storageKey: string,
  all: readonly OptionalColumn[],
): { columns: ComputedRef<TableColumn[]>; toggle: (key: string) => void } {
  const chosen = ref(readStoredJson<string[] | null>(storageKey, null))
  const columns = computed(() => columnsFor(all, chosen.value))
  const toggle = (key: string): void => {
    const keys = columns.value.map((column) => column.key)
    chosen.value = all.map((column) => column.key).filter((one) => keys.includes(one) !== (one === key))
    keepLayout(storageKey, JSON.stringify(chosen.value))
  }
  return { columns, toggle }
}
