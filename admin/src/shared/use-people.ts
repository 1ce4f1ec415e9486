import { computed, ref, watch } from 'vue'
import { useStaffDirectory, type DirectoryPerson } from '../stores/staff-directory.ts'

/** More nobody reads through; typing finds the others. */
const SHOWN = 50
const PAUSE_MS = 200

const has = (person: DirectoryPerson, words: string): boolean =>
  `${person.name} ${person.username ?? ''}`.toLowerCase().includes(words.toLowerCase())

/** Options for choosing colleagues: who is chosen already, and those at work whom the typed words find. One who is disabled by now stays chosen. Nobody is asked for where people are not `wanted`. */
export const usePeople = (chosen: () => readonly string[], wanted: () => boolean = () => true) => {
  const directory = useStaffDirectory()
  const words = ref('')
  /** Whom the server found by how the name is spoken, and whom nobody here knew before. */
  const found = ref<ReadonlySet<string>>(new Set())
  let timer: ReturnType<typeof setTimeout> | undefined

  const options = computed(() => {
    const kept = new Set(chosen())
    const fits = (person: DirectoryPerson) =>
      person.status === 'active' && (words.value === '' || has(person, words.value) || found.value.has(person.id))
    const others = directory.people.filter((person) => !kept.has(person.id) && fits(person)).slice(0, SHOWN)
    return [...directory.people.filter(({ id }) => kept.has(id)), ...others]
  })

  const ask = async (text: string): Promise<void> => {
    const ids = await directory.search(text).catch(() => [])
    if (words.value === text) found.value = new Set(ids)
  }
  const search = (text: string): void => {
    words.value = text.trim()
    found.value = new Set()
    clearTimeout(timer)
    if (words.value !== '') timer = setTimeout(() => void ask(words.value), PAUSE_MS)
  }
  watch([wanted, chosen], () => void (wanted() && directory.name(chosen()).catch(() => undefined)), { immediate: true })
  return { options, search, directory }
}
