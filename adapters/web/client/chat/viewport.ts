/** Keeps the page exactly as high as what the keyboard leaves: Safari lays the keyboard over the page instead of making it smaller. */
export function followKeyboard(root: HTMLElement): void {
  const viewport = visualViewport
  if (!viewport) return
  const fit = () => {
    // Pinch-zoomed: the page keeps its size and the customer moves over it.
    if (viewport.scale > 1.05) return
    root.style.setProperty('--app-height', `${viewport.height}px`)
    root.style.setProperty('--app-top', `${viewport.offsetTop}px`)
  }
  viewport.addEventListener('resize', fit)
  viewport.addEventListener('scroll', fit)
  fit()
}
