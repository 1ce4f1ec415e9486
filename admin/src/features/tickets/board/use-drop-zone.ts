import { ref } from 'vue'

interface Zone {
  /** The card under way may be dropped here. */
  open: () => boolean
  put: () => void
}

/** A place on which cards are dropped; `over` while one is held above it. */
export const useDropZone = ({ open, put }: Zone) => {
  const over = ref(false)
  const hover = (event: DragEvent): void => {
    if (!open()) return
    // Unless this is said, the browser drops nothing.
    event.preventDefault()
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'move'
    over.value = true
  }
  const leave = (event: DragEvent): void => {
    const { currentTarget, relatedTarget } = event
    if (currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return
    over.value = false
  }
  const drop = (event: DragEvent): void => {
    over.value = false
    if (!open()) return
    event.preventDefault()
    put()
  }
  return { over, on: { dragenter: hover, dragover: hover, dragleave: leave, drop } }
}
