/** WeChat's faces: what its keyboard offers, and how a text with their codes looks on the phone. */
import { splitWechatFaces } from '#api/contract/split-wechat-faces.ts'
import { WECHAT_PANEL_FACES, type WechatFace } from '#api/contract/wechat-faces.ts'
import { h } from './dom.ts'

const FOLDER = '../../../../../api/assets/faces'
const urls = import.meta.glob<string>('../../../../../api/assets/faces/*.svg', { query: '?url&no-inline', import: 'default', eager: true })

export const facePicture = ({ code, picture }: WechatFace) =>
  h('img', { class: 'face', src: urls[`${FOLDER}/${picture}.svg`] ?? '', alt: code, title: code })

export const FACES: readonly WechatFace[] = WECHAT_PANEL_FACES

export const withFaces = (text: string): Node[] =>
  splitWechatFaces(text, facePicture).map((piece) => ('face' in piece ? piece.face : document.createTextNode(piece.text)))
