import codec from 'wasm-media-encoders/wasm/mp3?url'
import { mp3Of } from './mp3.ts'

/** One sound, one answer: the file, or null when the codec did not load. */
self.addEventListener('message', (event: MessageEvent<Float32Array>) => {
  mp3Of(event.data, codec).then(
    (file) => self.postMessage(file, { transfer: [file.buffer] }),
    (error: unknown) => {
      self.postMessage(null)
      // For the browser's error log.
      throw error
    },
  )
})
