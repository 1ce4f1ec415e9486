/** Whether `bytes` hold this ASCII text at `at`: for the magic words of file formats. */
export const hasAscii = (bytes: Uint8Array, text: string, at = 0): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  }
  return true
}
