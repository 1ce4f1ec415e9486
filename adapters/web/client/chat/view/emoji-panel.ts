import { button, h } from '../../h.ts'
import type { Say } from '../words/words.ts'

const EMOJI = [
  '🙂 😀 😄 😁 😊 😉 😍 🥰 😘 😋 😜 🤔',
  '😂 🤣 😅 😎 🤗 🤩 😇 🙃 😏 😌 😴 🤐',
  '😕 😟 😮 😲 😳 🥺 😢 😭 😤 😡 🤯 😱',
  '😓 😩 😷 🤒 🤕 🤢 🥶 🥵 😵 🙄 😬 🤦',
  '👍 👎 👌 ✌️ 🤝 🙏 👏 💪 👋 👉 👆 🤞',
  '❤️ 💔 ✨ 🌹 🎉 🎁 🎂 ☕ 🌞 🌙 ⭐ 🔥',
  '✅ ❌ ❓ ❗ 💰 🧾 📦 🚚 📱 💻 ⏰ 📷',
]
  .join(' ')
  .split(' ')

/** Arrow keys walk through it, Escape leaves it; one stop for the Tab key. */
export function emojiPanel(say: Say, parts: { pick(emoji: string): void; leave(): void }): HTMLElement {
  const keys = EMOJI.map((emoji, index) =>
    button({ class: 'emoji', tabindex: index === 0 ? 0 : -1, 'aria-label': emoji }, () => parts.pick(emoji), emoji),
  )
  const panel = h('div', { class: 'emoji-panel', role: 'group', 'aria-label': say('emoji.label'), hidden: true }, ...keys)
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      return parts.leave()
    }
    const from = keys.findIndex((key) => key === event.target)
    const next = keys[from + stepOf(event.key, columnsOf(keys))]
    if (from < 0 || !next || next === keys[from]) return
    event.preventDefault()
    keys.forEach((key) => (key.tabIndex = key === next ? 0 : -1))
    next.focus()
  })
  return panel
}

/** As many as stand in the first line: the width decides. */
function columnsOf(keys: readonly HTMLElement[]): number {
  const top = keys[0]?.offsetTop
  return Math.max(1, keys.filter((key) => key.offsetTop === top).length)
}

function stepOf(key: string, columns: number): number {
  return key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : key === 'ArrowDown' ? columns : key === 'ArrowUp' ? -columns : 0
}
