import { describe, expect, test } from '@jest/globals'
import { branchOf, placeOf, treeOf } from './category-tree.ts'
import { replyPartsOf } from './parts-of-message.ts'
import { choicesOf, contentOf, emptyVariable, formOf, isFine, problemsOf } from './reply-form.ts'
import { diffOf } from './text-diff.ts'
import { segmentsOf, unknownIn } from './texts.ts'
import { toPick } from './to-pick.ts'

const category = (id: string, parentId: string | null = null, replies = 0) =>
  ({ id, parentId, name: id, replies, scope: 'global', teamId: null, businessTypeId: null, position: 1, version: 1 }) as const

describe('BP-016.3 the tree on screen', () => {
  const all = [category('a', null, 1), category('b', 'a', 2), category('c', 'b', 3), category('d')]

  test('a branch counts what is below it, and cannot be dropped into itself', () => {
    const [a, d] = treeOf(all)
    expect([a!.replies, a!.children[0]!.replies, d!.replies]).toEqual([6, 5, 0])
    expect([...branchOf(all, 'a')]).toEqual(['a', 'b', 'c'])
  })

  test('what is dropped stands inside, before, or behind the other', () => {
    expect(placeOf(all, all[3]!, 'inner')).toEqual({ parentId: 'd', before: null })
    expect(placeOf(all, all[3]!, 'before')).toEqual({ parentId: null, before: 'd' })
    expect(placeOf(all, all[0]!, 'after')).toEqual({ parentId: null, before: 'd' })
    expect(placeOf(all, all[3]!, 'after')).toEqual({ parentId: null, before: null })
  })
})

describe('BP-016.5 variables on screen', () => {
  test('a text falls into what is said and what will be filled in', () => {
    expect(segmentsOf('您好{{customer.name}}，{{ 单号 }}')).toEqual([
      { text: '您好', variable: null },
      { text: '{{customer.name}}', variable: 'customer.name' },
      { text: '，', variable: null },
      { text: '{{ 单号 }}', variable: '单号' },
    ])
    expect(unknownIn([{ type: 'text', text: '{{customer.name}}{{单号}}{{日期}}' }], [{ name: '单号' }])).toEqual(['日期'])
  })

  test('the editor says what is wrong before anything is sent', () => {
    const form = formOf(null, '')
    expect(problemsOf(form)).toMatchObject({ title: true, empty: false })
    Object.assign(form, { title: ' 发票 ', code: '/fp' })
    form.parts[0] = { key: 1, type: 'text', text: '单号 {{单号}}' }
    expect(isFine(problemsOf(form))).toBe(false)
    form.variables.push({ ...emptyVariable('单号'), kind: 'choice', choices: '甲，乙,甲' })
    expect(isFine(problemsOf(form))).toBe(true)
    expect(contentOf(form)).toEqual({
      title: '发票',
      code: 'fp',
      categoryId: null,
      parts: [{ type: 'text', text: '单号 {{单号}}' }],
      variables: [{ name: '单号', kind: 'choice', choices: ['甲', '乙'] }],
    })
    expect(choicesOf('a、b\nc')).toEqual(['a', 'b', 'c'])
  })
})

describe('BP-016.4 what a version changed', () => {
  test('taken away and added are told apart by the character, variables and words whole', () => {
    expect(diffOf('三天内到账', '五天内到账')).toEqual([
      { text: '三', kind: 'removed' },
      { text: '五', kind: 'added' },
      { text: '天内到账', kind: 'same' },
    ])
    expect(diffOf('单号 SF-1', '单号 SF-2').filter(({ kind }) => kind !== 'same')).toEqual([
      { text: 'SF-1', kind: 'removed' },
      { text: 'SF-2', kind: 'added' },
    ])
    expect(diffOf('同样', '同样')).toEqual([{ text: '同样', kind: 'same' }])
    expect(diffOf('', '新')).toEqual([{ text: '新', kind: 'added' }])
  })

  test('both texts can be put together again from the pieces, also of long ones', () => {
    for (const [before, after] of [
      ['您好，请稍等', '好的，请您稍等片刻'],
      ['长'.repeat(3000), `${'长'.repeat(1000)}短${'章'.repeat(2500)}`],
    ] as const) {
      const pieces = diffOf(before, after)
      const of = (left: string) => pieces.flatMap(({ kind, text }) => (kind === left ? [] : [text])).join('')
      expect([of('added'), of('removed')]).toEqual([before, after])
    }
  })
})

describe('BP-004.4 from a reply to the composer and back', () => {
  test('words go into the text, files and cards beside it', () => {
    const media = { status: 'ready' as const, attachmentId: 'f', name: 'a.png' }
    const link = { type: 'link' as const, url: 'https://example.com', title: '链接' }
    const pick = toPick([{ type: 'text', text: '一' }, { type: 'image', media }, link, { type: 'text', text: '二' }], 'r')
    expect(pick).toMatchObject({ text: '一\n\n二', quickReplyId: 'r' })
    expect(pick.parts.map(({ input }) => input)).toEqual([{ type: 'image', attachmentId: 'f' }, link])
  })

  test('a message becomes parts of a reply; what only a channel knows is left out', () => {
    const parts = replyPartsOf({
      parts: [
        { type: 'text', text: '您好 {{x}}' },
        { type: 'location', latitude: 1, longitude: 1 },
        { type: 'image', media: { status: 'failed' } },
      ],
    })
    expect(parts).toEqual([{ type: 'text', text: '您好 { {x}}' }])
  })
})
