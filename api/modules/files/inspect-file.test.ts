import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { checkFileName, inspectFile } from './inspect-file.ts'

const png = (width = 8, height = 8) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
const codeOf = async (work: Promise<unknown>) => {
  try {
    await work
    return 'accepted'
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? error.code : String(error)
  }
}

describe('what a file is, is judged by its bytes', () => {
  test('a picture gets its size and a thumbnail, whatever its name says', async () => {
    const file = await inspectFile(await png(900, 600), 'invoice.pdf')
    expect(file).toMatchObject({ kind: 'image', mime: 'image/png', width: 900, height: 600 })
    expect((await sharp(file.thumbnail ?? Buffer.alloc(0)).metadata()).width).toBe(480)
  })

  test.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'logo.svg'],
    ['an SVG named as a picture', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'logo.png'],
    ['a page', '<!doctype html><script>1</script>', 'page.html'],
    ['a page named as text', '<html><body>hi', 'notes.txt'],
    ['bytes without a type', '\u0001\u0002\u0003', 'data.bin'],
    ['a program', 'MZ' + '\u0000'.repeat(200), 'setup.exe'],
  ])('%s is refused', async (_what, content, name) => {
    expect(await codeOf(inspectFile(Buffer.from(content, 'latin1'), name))).toBe('file_type_refused')
  })

  test('a picture whose head also reads as a page is refused', async () => {
    const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from('/*<script>alert(1)</script>*/')])
    expect(await codeOf(inspectFile(gif, 'cat.gif'))).toBe('file_type_refused')
  })

  test('a picture of too many pixels is refused before it is unpacked', async () => {
    const bomb = await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: '#000' } })
      .png()
      .toBuffer()
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await codeOf(inspectFile(bomb, 'bomb.png'))).toBe('image_too_large')
  })

  test('a photo loses where and with what it was taken, and stands upright', async () => {
    const photo = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#888' } })
      .withExif({ IFD0: { Make: 'PhoneMaker' }, IFD3: { GPSLatitude: '31/1 14/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const file = await inspectFile(photo, 'photo.jpg')
    expect(file.data.includes('PhoneMaker')).toBe(false)
    expect((await sharp(file.data).metadata()).exif).toBeUndefined()
    expect([file.width, file.height]).toEqual([20, 40])
  })

  test('WeChat’s voices are known: AMR by its first bytes, raw Speex by what the platform said', async () => {
    expect(await inspectFile(Buffer.from('#!AMR\n\u0004', 'latin1'), 'voice.amr')).toMatchObject({ kind: 'audio', mime: 'audio/amr' })
    expect(await inspectFile(Buffer.from([1, 2, 3, 4, 250]), 'voice.speex', 'audio/speex')).toMatchObject({
      kind: 'audio',
      mime: 'audio/speex',
    })
  })

  test('an empty file is refused', async () => {
    expect(await codeOf(inspectFile(Buffer.alloc(0), 'a.txt'))).toBe('file_empty')
  })
})

describe('names of files', () => {
  test.each(['../../etc/passwd', 'a/b.txt', 'a\\b.txt', 'a\u0000.txt', 'a\r\nSet-Cookie: x', '..', ' ', '\ud800.txt'])(
    '%j is refused',
    (name) => {
      expect(() => checkFileName(name)).toThrow('not accepted')
    },
  )

  test('marks that turn the reading direction are taken out', () => {
    expect(checkFileName('invoice\u202efdp.exe')).toBe('invoicefdp.exe')
  })

  test('a long name keeps its ending', () => {
    const name = checkFileName(`${'长'.repeat(400)}.xlsx`)
    expect(name).toHaveLength(200)
    expect(name.endsWith('.xlsx')).toBe(true)
  })
})
