import { splitWechatFaces, type FaceTextPiece } from '#api/contract/split-wechat-faces.ts'
import { WECHAT_PANEL_FACES, type WechatFace } from '#api/contract/wechat-faces.ts'

/** `code` is what is written to the customer, e.g. `[微笑]`; `url` is our own picture of it. */
export type Face = Pick<WechatFace, 'code' | 'name'> & { url: string }

/** Files of their own, never data: URLs: a conversation loads the two or three it shows, the panel the rest, and the cache keeps them. */
const pictures = import.meta.glob<string>('../../../../api/assets/faces/*.svg', { query: '?url&no-inline', import: 'default', eager: true })

const withPicture = ({ code, name, picture }: WechatFace): Face => ({
  code,
  name,
  url: pictures[`../../../../api/assets/faces/${picture}.svg`] ?? '',
})

/** The faces an agent can pick, in the order of WeChat's panel. */
export const WECHAT_FACES: readonly Face[] = WECHAT_PANEL_FACES.map(withPicture)

/** Cuts a message into text and faces; it also knows the faces that left the panel. Unknown codes stay text. */
export const splitFaces = (text: string): FaceTextPiece<Face>[] => splitWechatFaces(text, withPicture)
