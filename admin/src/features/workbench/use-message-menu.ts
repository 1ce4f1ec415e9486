import { shallowRef } from 'vue'
import type { Message } from '#api/contract/message.ts'

export interface MenuTarget {
  message: Message
  x: number
  y: number
}

/** One menu for all bubbles: a thousand hidden ones would be a thousand too many. */
export const useMessageMenu = () => {
  const menu = shallowRef<MenuTarget | null>(null)
  const openMenu = (target: MenuTarget): void => void (menu.value = target)
  const closeMenu = (): void => void (menu.value = null)
  return { menu, openMenu, closeMenu }
}
