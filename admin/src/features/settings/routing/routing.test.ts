import { expect, test } from '@jest/globals'
import { movedBefore, policyBody, policyForm } from './policy-form.ts'

test('a policy dropped onto another takes its place, upwards and downwards', () => {
  expect(movedBefore(['a', 'b', 'c', 'd'], 'd', 'b')).toEqual(['a', 'd', 'b', 'c'])
  expect(movedBefore(['a', 'b', 'c', 'd'], 'a', 'c')).toEqual(['b', 'c', 'a', 'd'])
  expect(movedBefore(['a', 'b'], 'a', 'a')).toEqual(['a', 'b'])
})

test('what is sent leaves out rows that were never chosen', () => {
  const form = policyForm(null)
  form.name = '  高峰  '
  form.settings.skills = [{ skillId: '', level: 3 }]
  expect(policyBody(form, 'conversation')).toMatchObject({ name: '高峰', settings: { skills: [] }, effectiveFrom: null })
})

test('editing a new policy changes no other new policy', () => {
  const first = policyForm(null)
  first.settings.weights.load = 1
  first.conditions.weekdays.push(1)
  const second = policyForm(null)
  expect([second.settings.weights.load, second.conditions.weekdays]).toEqual([50, []])
})
