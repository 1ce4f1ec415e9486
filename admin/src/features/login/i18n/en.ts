import type { Translation } from '../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  login: {
    title: 'Sign in',
    username: 'User name',
    password: 'Password',
    submit: 'Sign in',
    usernameRequired: 'Enter your user name',
    passwordRequired: 'Enter your password',
    lockedFor: 'The account is locked; try again in {time}',
    waitFor: 'Too many tries; try again in {time}',
    expired: 'Your session has expired; please sign in again. What you had not sent is kept.',
    capsLock: 'Caps lock is on',
    unreachable: 'The service cannot be reached, trying again…',
  },
}
export default words
