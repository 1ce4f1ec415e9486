import type { Translation } from '../../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  entryPoints: {
    tab: 'Ways in',
    intro:
      'Customers who come by a certain QR code, menu or place on a site go straight to a team; or name a business type or skill alone, and a team is matched by it.',
    add: 'Add a way in',
    edit: 'Change where it leads',
    empty: 'No way in leads anywhere in particular yet',
    emptyHint: 'Without a destination, teams are matched by the rules under “Start of a consultation”.',
    columns: { kind: 'Way in', key: 'Key', team: 'Team', business: 'Business type', skill: 'Skill', actions: 'Actions' },
    kind: { qr: 'QR code', menu: 'Menu', page: 'Place on a site' },
    key: { qr: 'Scene of the QR code', menu: 'Key of the menu button', page: 'Name of the place' },
    keyHint: {
      qr: 'The scene given when the QR code was made, letter for letter.',
      menu: 'The key of the button in the custom menu, letter for letter.',
      page: 'The value of data-entry in the embedding code, such as data-entry="pricing".',
    },
    none: 'None',
    teamDisabled: 'The team is disabled',
    keyNeeded: 'Please fill in: {field}',
    destinationNeeded: 'Name a team, a business type or a skill at least',
    taken: 'This way in has a destination already; change that one',
    remove: 'Delete',
    removeSure: 'Customers who come by “{key}” are then matched by the rules under “Start of a consultation”.',
    saved: 'Destination saved',
    removed: 'Destination deleted',
  },
}
export default words
