/** The voice that is heard now: two customers must not talk at once into one headset. */
let silenceCurrent: (() => void) | undefined

/** Silences whatever plays and remembers how to silence the new voice. */
export const takeVoiceTurn = (silence: () => void): void => {
  if (silenceCurrent !== silence) silenceCurrent?.()
  silenceCurrent = silence
}

export const giveUpVoiceTurn = (silence: () => void): void => {
  if (silenceCurrent === silence) silenceCurrent = undefined
}
