import { describe, expect, it } from '@jest/globals'
import { splitWechatFaces } from './split-wechat-faces.ts'
import { WECHAT_PANEL_FACES, WECHAT_RETIRED_FACES } from './wechat-faces.ts'

const ALL = [...WECHAT_PANEL_FACES, ...WECHAT_RETIRED_FACES]
/** Faces as ‹code›, text as it is. */
const drawn = (text: string) =>
  splitWechatFaces(text, (face) => face.code)
    .map((piece) => ('face' in piece ? `‹${piece.face}›` : piece.text))
    .join('')

describe('BP-004.1 WeChat faces in a text', () => {
  it('finds every spelling of every face, alone and among Chinese text', () => {
    for (const face of ALL) {
      for (const code of [face.code, ...face.aliases]) {
        expect(drawn(code)).toBe(`‹${face.code}›`)
        expect(drawn(`您好${code}，谢谢${code}${code}`)).toBe(`您好‹${face.code}›，谢谢‹${face.code}›‹${face.code}›`)
      }
    }
  })

  it('gives no spelling to two faces', () => {
    const codes = ALL.flatMap((face) => [face.code, ...face.aliases])
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('offers no two faces with the same picture in the panel', () => {
    expect(new Set(WECHAT_PANEL_FACES.map((face) => face.picture)).size).toBe(WECHAT_PANEL_FACES.length)
  })

  it.each([
    ['[微笑]你好[Smile]/::)', '‹[微笑]›你好‹[微笑]›‹[微笑]›'],
    ['/::,@', '‹[悠闲]›'],
    ['/:,@-D/:,@P', '‹[愉快]›‹[偷笑]›'],
    ['/:@>/:@)/:@@/:@x', '‹[右哼哼]›‹[抱拳]›‹[拳头]›‹[吓]›'],
    ['/::Dhaha', '‹[呲牙]›haha'],
    ['/:rose/:rose谢谢', '‹[玫瑰]›‹[玫瑰]›谢谢'],
    ['[[微笑]]', '[‹[微笑]›]'],
  ])('takes the longest spelling: %s', (text, expected) => {
    expect(drawn(text)).toBe(expected)
  })

  it.each([
    '',
    '[不存在]',
    '[微笑',
    '微笑]',
    '[ 微笑 ]',
    '[smile]',
    '/:',
    '[图片]',
    'https://example.com/:list?v=[1]',
    'app.get("/:version")',
  ])('leaves "%s" as it is', (text) => {
    expect(splitWechatFaces(text, (face) => face)).toEqual(text === '' ? [] : [{ text }])
  })

  it('looks at each place of a long hostile text a bounded number of times', () => {
    const text = '[/'.repeat(60_000)
    expect(splitWechatFaces(text, (face) => face)).toEqual([{ text }])
  })
})
