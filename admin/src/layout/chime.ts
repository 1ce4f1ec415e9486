let audio: AudioContext | null = null

const NOTES = { message: [880, 1174.7], queue: [587.3, 587.3] } as const
const NOTE_SECONDS = 0.12

/** Two soft notes made on the spot: no file to load, and quiet when the browser has not allowed sound yet. */
export const playChime = (kind: keyof typeof NOTES): void => {
  audio ??= new AudioContext()
  if (audio.state === 'suspended') void audio.resume()
  const { currentTime, destination } = audio
  for (const [index, frequency] of NOTES[kind].entries()) {
    const start = currentTime + index * NOTE_SECONDS
    const tone = audio.createOscillator()
    const gain = audio.createGain()
    tone.frequency.value = frequency
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(0.12, start + 0.01)
    gain.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_SECONDS * 1.8)
    tone.connect(gain).connect(destination)
    tone.start(start)
    tone.stop(start + NOTE_SECONDS * 2)
  }
}
