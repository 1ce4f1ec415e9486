import { pinyin } from 'pinyin-pro'

/** How a person's name is spoken, lower case, a syllable apart: `沈宁` → `shen ning`, where a dictionary of characters alone says `chen`. */
export const spokenName = (name: string): string =>
  pinyin(name, { toneType: 'none', type: 'array', surname: 'head', nonZh: 'consecutive', v: true })
    .join(' ')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
