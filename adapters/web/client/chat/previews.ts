/** Addresses of pictures that were picked on this device: shown at once, and kept for the echo, so that nothing flickers or is fetched back. */
export class Previews {
  readonly #urls = new Map<string, string>()

  of(clientKey: string, file: File | undefined): string | null {
    const known = this.#urls.get(clientKey)
    if (known) return known
    if (!file || !DRAWABLE.test(file.type)) return null
    const url = URL.createObjectURL(file)
    this.#urls.set(clientKey, url)
    return url
  }
}

/** What every browser draws; HEIC waits for the server's thumbnail. */
const DRAWABLE = /^image\/(png|jpe?g|gif|webp|bmp)$/
