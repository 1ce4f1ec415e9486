import { expect, test } from '@jest/globals'
import { fileNameOf } from './file-name.ts'

test.each([
  ['the name that the message gave', { name: '合同.pdf' }, { name: 'x.bin' }, '合同.pdf'],
  ['else the name that the download gave', {}, { name: 'photo.png' }, 'photo.png'],
  ['the last step of a path', { name: '../../etc/passwd' }, {}, 'passwd'],
  ['the last step of a Windows path', { name: 'C:\\temp\\a.txt' }, {}, 'a.txt'],
  ['without control characters', { name: 'a\r\nb\u0000.txt' }, {}, 'ab.txt'],
  ['else the kind with the ending of its type', {}, { mime: 'image/jpeg' }, 'image.jpg'],
  ['else the kind with its format', { format: 'amr' }, {}, 'image.amr'],
  ['else the kind', { name: '..' }, {}, 'image'],
])('a file is called by %s', (_what, ref, media, name) => {
  expect(fileNameOf({ id: '1', type: 'image', ...ref }, media)).toBe(name)
})
