/** Colleagues chosen behind an @; one whose name was deleted again is not told. */
export const useMentions = () => {
  const chosen = new Map<string, string>()
  const add = (person: { id: string; name: string }): void => void chosen.set(person.id, person.name)
  const named = (text: string): string[] => [...chosen].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id)
  return { add, named }
}
