export { receiveMessages } from './receive-messages.ts'
