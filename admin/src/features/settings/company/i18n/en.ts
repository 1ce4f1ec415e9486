import type { Translation } from '../../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  company: {
    title: 'Company',
    facts: 'About the company',
    name: 'Company name',
    nameHint: 'Shown on customer pages and in the privacy text.',
    icp: 'ICP filing number',
    icpHint: 'Shown at the foot of customer pages, such as 浙ICP备2026000001号; may stay empty.',
    timeZone: 'Time zone',
    timeZoneHint: 'Days of reports and ticket numbers follow it; the working hours of a team may have their own.',
    required: 'Please enter the company name',
    privacy: {
      title: 'Privacy text',
      hint: 'Customers read and accept it before they register or sign in. A new version asks them again at their next visit; versions they agreed to are kept as they were.',
      current: 'Version {n} in force',
      zh: 'Chinese',
      en: 'English',
      note: 'What changed (for colleagues only)',
      notePlaceholder: 'Such as: how long information is kept',
      publish: 'Publish a new version',
      publishConfirm:
        'Publish version {n}? All customers will be asked again at their next visit. A published version can be neither changed nor taken back.',
      published: 'Version {n} is published',
      tooShort: 'Chinese and English need at least 20 characters each',
      discard: 'Discard changes',
      versions: 'Versions',
      version: 'Version {n}',
      inForce: 'In force',
      byProduct: 'Text of the installation',
      by: 'Published by {name}',
      view: 'View',
      reuse: 'Use as draft',
      words: '{n} characters',
    },
  },
}
export default words
