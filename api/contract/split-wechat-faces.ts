import { WECHAT_PANEL_FACES, WECHAT_RETIRED_FACES, type WechatFace } from './wechat-faces.ts'

export type FaceTextPiece<Face> = { text: string } | { face: Face }

const facesByCode = new Map<string, WechatFace>()
for (const face of [...WECHAT_PANEL_FACES, ...WECHAT_RETIRED_FACES]) {
  for (const code of [face.code, ...face.aliases]) facesByCode.set(code, face)
}

/** Lengths of the codes that begin with a character, longest first: `/::,@` must win over a shorter code it begins with. */
const lengthsAfter = (first: string): number[] => {
  const lengths = [...facesByCode.keys()].filter((code) => code.startsWith(first)).map((code) => code.length)
  return [...new Set(lengths)].sort((a, b) => b - a)
}
const CODE_LENGTHS: Readonly<Record<string, readonly number[]>> = { '[': lengthsAfter('['), '/': lengthsAfter('/') }

const WORD_CODE = /^\/:[a-z]+$/i
const LETTER_OR_DIGIT = /[a-z0-9]/i

/** `/:li` inside `https://example.com/:list` is a path, not a flash of lightning. */
const isCutFromWord = (code: string, next: string) => WORD_CODE.test(code) && LETTER_OR_DIGIT.test(next)

const codeAt = (text: string, at: number): string | undefined => {
  for (const length of CODE_LENGTHS[text.charAt(at)] ?? []) {
    const code = text.slice(at, at + length)
    if (facesByCode.has(code) && !isCutFromWord(code, text.charAt(at + length))) return code
  }
  return undefined
}

/**
 * Cuts a text into faces and what stands between them; unknown codes stay text, joined pieces give the text's meaning back in order.
 * Linear in the length of the text. `dress` turns a face into what the caller draws, e.g. adds the address of its picture.
 */
export const splitWechatFaces = <Face>(text: string, dress: (face: WechatFace) => Face): FaceTextPiece<Face>[] => {
  const pieces: FaceTextPiece<Face>[] = []
  let textFrom = 0
  for (let at = 0; at < text.length;) {
    const code = codeAt(text, at)
    const face = code === undefined ? undefined : facesByCode.get(code)
    if (code === undefined || face === undefined) {
      at += 1
      continue
    }
    if (at > textFrom) pieces.push({ text: text.slice(textFrom, at) })
    pieces.push({ face: dress(face) })
    at += code.length
    textFrom = at
  }
  if (textFrom < text.length) pieces.push({ text: text.slice(textFrom) })
  return pieces
}
