import { expect, test } from '@jest/globals'
import { spokenName } from './spoken-name.ts'

test.each([
  ['沈宁', 'shen ning'],
  ['单雄', 'shan xiong'],
  ['曾国', 'zeng guo'],
  ['林晓', 'lin xiao'],
  ['欧阳锋', 'ou yang feng'],
  ['Li Na', 'li na'],
])('%s is spoken %s', (name, spoken) => expect(spokenName(name)).toBe(spoken))
