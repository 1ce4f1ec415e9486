/** WeChat's face codes as pictures: Fluent Emoji (MIT), the same as staff see. */
import { splitWechatFaces } from '#api/contract/split-wechat-faces.ts'
import { h } from '../../h.ts'

const urls = import.meta.glob<string>('../../../../../api/assets/faces/*.svg', { eager: true, query: '?url', import: 'default' })

export function faceNodes(text: string): (Node | string)[] {
  return splitWechatFaces(text, ({ code, picture }) => ({ code, url: urls[`../../../../../api/assets/faces/${picture}.svg`] })).map(
    (piece) => {
      if ('text' in piece) return piece.text
      const { code, url } = piece.face
      return url === undefined ? code : h('img', { class: 'face', src: url, alt: code, title: code })
    },
  )
}
