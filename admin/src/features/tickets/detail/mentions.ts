/** Who is named in a text as `@name`: the longest name that fits stands, so that 王小 is not meant by @王小明. */
export const mentionedIn = (text: string, people: readonly { id: string; name: string }[]): string[] => {
  const byLength = people.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length)
  const found = new Set<string>()
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const person = byLength.find(({ name }) => text.startsWith(name, at + 1))
    if (person !== undefined) found.add(person.id)
  }
  return [...found]
}
