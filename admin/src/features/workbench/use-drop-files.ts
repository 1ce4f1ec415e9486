import { onMounted, onUnmounted, ref, type Ref } from 'vue'

/** Files dragged over an area. Dropped beside it they must not make the browser leave the page. */
export const useDropFiles = (area: Ref<HTMLElement | null>, take: (files: File[]) => void) => {
  const dragging = ref(false)
  let depth = 0
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  const onEnter = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    depth += 1
    dragging.value = true
  }
  const onLeave = (): void => {
    depth = Math.max(0, depth - 1)
    dragging.value = depth > 0
  }
  const onOver = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault()
  }
  const onDrop = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    depth = 0
    dragging.value = false
    const { target } = event
    if (target instanceof Node && area.value?.contains(target)) take([...(event.dataTransfer?.files ?? [])])
  }
  onMounted(() => {
    window.addEventListener('dragenter', onEnter)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('dragover', onOver)
    window.addEventListener('drop', onDrop)
  })
  onUnmounted(() => {
    window.removeEventListener('dragenter', onEnter)
    window.removeEventListener('dragleave', onLeave)
    window.removeEventListener('dragover', onOver)
    window.removeEventListener('drop', onDrop)
  })
  return { dragging }
}
