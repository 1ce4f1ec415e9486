import { PassThrough } from 'node:stream'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import ExcelJS from 'exceljs'
import { cellOf, readHeading } from './heading.ts'
import { readRows, type SheetRow } from './read-rows.ts'
import { sheetStream, writeSheet, type CellValue, type SheetFormat } from './write-sheet.ts'

const rowsOf = async (source: Parameters<typeof readRows>[0], limits?: Parameters<typeof readRows>[1]): Promise<SheetRow[]> => {
  const rows: SheetRow[] = []
  for await (const row of readRows(source, limits)) rows.push(row)
  return rows
}
const written = async (format: SheetFormat, titles: string[], rows: Iterable<readonly CellValue[]>): Promise<Buffer> => {
  const chunks: Buffer[] = []
  const columns = titles.map((title) => ({ title }))
  for await (const chunk of sheetStream(format, { name: '客户', columns, rows })) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks)
}
const workbook = async (fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void): Promise<Buffer> => {
  const book = new ExcelJS.Workbook()
  fill(book.addWorksheet('一'), book)
  return Buffer.from(await book.xlsx.writeBuffer())
}

/** A zip by hand, so that it may lie about itself. */
function zip(parts: Record<string, string | Buffer>, declared: Record<string, number> = {}): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes, { level: 9 })
    const sizes = Buffer.alloc(26)
    sizes.writeUInt16LE(20, 0)
    sizes.writeUInt16LE(8, 4)
    sizes.writeUInt32LE(packed.length, 14)
    sizes.writeUInt32LE(declared[name] ?? bytes.length, 18)
    sizes.writeUInt16LE(Buffer.byteLength(name), 22)
    const head = Buffer.concat([Buffer.from('504b0304', 'hex'), sizes, Buffer.from(name)])
    const entry = Buffer.alloc(46)
    entry.write('504b0102', 0, 'hex')
    entry.writeUInt16LE(20, 4)
    sizes.copy(entry, 6)
    entry.writeUInt32LE(offset, 42)
    central.push(Buffer.concat([entry, Buffer.from(name)]))
    local.push(head, packed)
    offset += head.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('504b0506', 0, 'hex')
  end.writeUInt16LE(central.length, 8)
  end.writeUInt16LE(central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}
const bare = (sheet: string | Buffer, extra: Record<string, string | Buffer> = {}) => ({
  'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
  'xl/worksheets/sheet1.xml': sheet,
  ...extra,
})

describe('reading a spreadsheet', () => {
  it('gives text, numbers, dates and calculated values of an .xlsx as people read them', async () => {
    const file = await workbook((sheet) => {
      sheet.addRow(['姓名', '手机', '生日', '时间', '单价', '合计', '在用'])
      const row = sheet.addRow([
        '赵敏',
        13812345678,
        new Date('1990-05-17T00:00:00Z'),
        new Date('2026-11-22T09:30:00Z'),
        0.1 + 0.2,
        null,
        true,
      ])
      row.getCell(3).numFmt = 'yyyy"年"m"月"d"日"'
      row.getCell(4).numFmt = 'yyyy-mm-dd hh:mm'
      row.getCell(6).value = { formula: 'E2*10', result: 3 }
      sheet.addRow([])
      sheet.addRow([{ richText: [{ text: '远山' }, { text: '科技' }] }])
    })
    expect(await rowsOf(file)).toEqual([
      { number: 1, cells: ['姓名', '手机', '生日', '时间', '单价', '合计', '在用'] },
      { number: 2, cells: ['赵敏', '13812345678', '1990-05-17', '2026-11-22 09:30', '0.3', '3', 'TRUE'] },
      { number: 4, cells: ['远山科技'] },
    ])
  })

  it('takes the first visible sheet, dates in the formats of Chinese Excel, and leaves out readings above characters', async () => {
    const parts = bare(
      '<worksheet><sheetData><row r="3"><c r="B3" t="s"><v>0</v></c><c s="1"><v>46348</v></c></row></sheetData></worksheet>',
      {
        'xl/workbook.xml':
          '<x:workbook xmlns:r="r" xmlns:x="x"><x:sheets><x:sheet name="h" state="hidden" r:id="r0"/><x:sheet name="a" r:id="r1"/></x:sheets></x:workbook>',
        'xl/sharedStrings.xml': '<sst><si><r><t>漢</t></r><r><t>字_x000D_</t></r><rPh><t>かんじ</t></rPh></si></sst>',
        'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>',
      },
    )
    expect(await rowsOf(zip(parts))).toEqual([{ number: 3, cells: ['', '漢字\r', '2026-11-22'] }])
  })

  it.each([
    ['UTF-8', Buffer.from('姓名,备注\n赵敏,"一, ""二""\n三"\n')],
    ['UTF-8 with a mark', Buffer.from('\ufeff姓名,备注\r\n赵敏,"一, ""二""\n三"')],
    ['GBK, as Chinese Excel saves .csv', Buffer.from('d0d5c3fb2cb1b8d7a20d0ad5d4c3f42c22d2bb2c202222b6fe22220ac8fd220d0a', 'hex')],
    ['UTF-16 with tabs ("Unicode text")', Buffer.from('\ufeff姓名\t备注\r\n赵敏\t"一, ""二""\n三"\r\n', 'utf16le')],
  ])('reads a .csv in %s', async (_, file) => {
    expect(await rowsOf(file)).toEqual([
      { number: 1, cells: ['姓名', '备注'] },
      { number: 2, cells: ['赵敏', '一, "二"\n三'] },
    ])
  })

  it('reads a stream, also when a character is cut in two, and finds columns under whatever heading people write', async () => {
    const text = Buffer.from(`* 客户 姓名,电话,什么\n${'赵敏,138,x\n'.repeat(9000)}`)
    const stream = new PassThrough()
    for (let from = 0; from < text.length; from += 1001) stream.write(text.subarray(from, from + 1001))
    stream.end()
    const [first, ...rest] = await rowsOf(stream)
    const heading = readHeading(first!.cells, [
      { key: 'name', titles: ['客户姓名', '姓名'] },
      { key: 'phone', titles: ['手机', '电话'] },
    ])
    expect(heading.unknown).toEqual(['什么'])
    expect(rest).toHaveLength(9000)
    expect(new Set(rest.map(({ cells }) => `${cellOf(heading, cells, 'name')} ${cellOf(heading, cells, 'phone')}`))).toEqual(
      new Set(['赵敏 138']),
    )
  })
})

describe('a hostile spreadsheet', () => {
  const bomb = Buffer.alloc(60 * 1024 * 1024, ' ')
  it.each([
    ['a part that inflates to sixty megabytes', zip(bare(bomb)), { code: 'spreadsheet_too_large', limit: 'ratio' }],
    ['a part that lies about its size', zip(bare(bomb, {}), { 'xl/worksheets/sheet1.xml': 1000 }), { code: 'spreadsheet_unreadable' }],
    ['a bomb among the shared strings', zip(bare('<worksheet/>', { 'xl/sharedStrings.xml': bomb })), { code: 'spreadsheet_too_large' }],
    [
      'entities that double themselves',
      zip(bare('<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "xx">]><worksheet>&b;</worksheet>')),
      { code: 'spreadsheet_unreadable', reason: 'damaged' },
    ],
    ['an old .xls', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), { code: 'spreadsheet_unreadable', reason: 'old_excel_or_password' }],
    ['a picture', Buffer.from('89504e470d0a1a0a0000', 'hex'), { code: 'spreadsheet_unreadable', reason: 'not_a_spreadsheet' }],
    ['a zip of something else', zip({ 'word/document.xml': '<a/>' }), { code: 'spreadsheet_unreadable', reason: 'not_a_spreadsheet' }],
    ['half a file', zip(bare('<worksheet/>')).subarray(0, 200), { code: 'spreadsheet_unreadable', reason: 'damaged' }],
    [
      'two rows of one number',
      zip(bare('<worksheet><sheetData><row r="2"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row></sheetData></worksheet>')),
      { code: 'spreadsheet_unreadable', reason: 'damaged' },
    ],
    [
      'a row beyond the last',
      zip(bare('<worksheet><sheetData><row r="99999999999"><c><v>1</v></c></row></sheetData></worksheet>')),
      { code: 'spreadsheet_unreadable', reason: 'damaged' },
    ],
    ['nothing', Buffer.alloc(0), { code: 'spreadsheet_unreadable' }],
  ])('S7 is refused with a reason: %s', async (_, file, { code, ...context }) => {
    await expect(rowsOf(file)).rejects.toMatchObject({ code, context: expect.objectContaining(context) as unknown })
  })

  it.each([
    ['bytes', { maxBytes: 100 }, Buffer.from('a,b\n'.repeat(30))],
    ['rows', { maxRows: 3 }, Buffer.from('a\nb\nc\nd\n')],
    ['columns', { maxColumns: 2 }, Buffer.from('a,b,c\n')],
    ['cell_length', { maxCellLength: 10 }, Buffer.from(`"${'x'.repeat(50)}`)],
    ['inflated_bytes', { maxInflatedBytes: 1000, maxRatio: 5000 }, zip(bare(Buffer.alloc(5000, ' ')))],
    ['time', { maxMilliseconds: -1 }, Buffer.from('a,b\n')],
    ['columns', {}, zip(bare('<worksheet><sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'))],
  ])('S7 stops at the limit on %s', async (limit, limits, file) => {
    await expect(rowsOf(file, limits)).rejects.toMatchObject({ code: 'spreadsheet_too_large', context: { limit } })
  })
})

describe('writing a spreadsheet', () => {
  const hostile = [
    '=1+1',
    '+86138',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\u3000=1',
    '＝1',
    "'=1",
    "''=1",
    '\n@x',
    'a=1',
    "it's",
    '"=1"',
    'x,y\r\nz',
    '赵敏',
  ]

  it.each(['xlsx', 'csv'] as const)('S8 gives back every cell of an .%s exactly, whatever it starts with', async (format) => {
    const file = await written(
      format,
      ['文本', '=标题'],
      hostile.map((text) => [text, 1]),
    )
    const [, ...rows] = await rowsOf(file)
    expect(rows.map(({ cells }) => cells[0])).toEqual(hostile)
  })

  it('S8 leaves no cell of a .csv that a spreadsheet program would calculate', async () => {
    const text = (
      await written(
        'csv',
        ['=标题'],
        hostile.map((cell) => [cell]),
      )
    ).toString()
    const cells = text.replace('\ufeff', '').split(/\r\n(?=["'a-z赵])/)
    for (const cell of cells) expect(cell.replace(/^"/, '')).not.toMatch(/^[\s\u3000]*[=+\-@＝]/)
  })

  it('S8 writes text of an .xlsx as text, never as a formula', async () => {
    const book = new ExcelJS.Workbook()
    const file = await written(
      'xlsx',
      ['=标题'],
      hostile.map((cell) => [cell]),
    )
    await book.xlsx.load(file as unknown as ExcelJS.Buffer)
    book.worksheets[0]!.eachRow((row) => {
      expect(row.getCell(1).type).toBe(ExcelJS.ValueType.String)
      expect(row.getCell(1).formula).toBeUndefined()
    })
    expect(book.worksheets[0]!.getCell('A2').numFmt).toBe('@')
  })

  it.each(['xlsx', 'csv'] as const)(
    'asks for rows of an .%s only as fast as they are taken, and stops when the reader leaves',
    async (format) => {
      let asked = 0
      const rows = (function* () {
        for (; asked < 1_000_000; asked += 1) yield [`行 ${asked} ${Math.random()} ${Math.random()}`, asked]
      })()
      const out = new PassThrough()
      const writing = writeSheet(out, format, { name: 'x', columns: [{ title: 'a' }, { title: 'b' }], rows })
      await new Promise((resolve) => out.once('readable', resolve))
      out.destroy()
      await expect(writing).rejects.toThrow('went away')
      expect(asked).toBeLessThan(200_000)
    },
  )

  it('breaks the stream when the rows break', async () => {
    const rows = (function* () {
      yield ['a']
      throw new Error('the database went away')
    })()
    const stream = sheetStream('csv', { name: 'x', columns: [{ title: 'a' }], rows })
    await expect(stream.toArray()).rejects.toThrow('the database went away')
  })
})
