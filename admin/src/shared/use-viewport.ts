import { ref, type Ref } from 'vue'

/** Widths at which the layout changes; the style sheets name the same numbers. */
const matches = (query: string): Readonly<Ref<boolean>> => {
  const media = matchMedia(query)
  const found = ref(media.matches)
  media.addEventListener('change', (event) => (found.value = event.matches))
  return found
}

const phone = matches('(width < 768px)')
const narrow = matches('(width < 1180px)')

/** `phone`: room for one thing at a time. `narrow`: no room for panels beside a conversation, they lie over it. */
export const useViewport = () => ({ phone, narrow })
