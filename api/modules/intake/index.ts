export { receiveFresh, receiveMessages, type Received } from './receive-messages.ts'
