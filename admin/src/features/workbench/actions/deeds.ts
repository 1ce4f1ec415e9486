import {
  AlarmClock,
  Check,
  CircleCheck,
  CircleClose,
  Clock,
  Connection,
  DocumentChecked,
  Download,
  Headset,
  Lock,
  Position,
  RefreshLeft,
  Scissor,
  Star,
  SwitchButton,
  Timer,
  Top,
  Unlock,
  UserFilled,
} from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { Action } from './action.ts'
import type { DeedId } from './allowed.ts'

interface Deed {
  id: DeedId
  icon: Component
  place: Action['place']
  key?: string
  divided?: boolean
  danger?: boolean
}

/** In the order of the header and its menu: what is done every few minutes first, what ends things last. */
export const DEEDS: readonly Deed[] = [
  { id: 'accept', icon: Check, place: 'primary', key: 'a' },
  { id: 'transfer', icon: Position, place: 'bar', key: 't' },
  { id: 'cancelTransfer', icon: CircleClose, place: 'bar' },
  { id: 'snooze', icon: Clock, place: 'bar', key: 's' },
  { id: 'wake', icon: RefreshLeft, place: 'bar', key: 's' },
  { id: 'reopen', icon: RefreshLeft, place: 'bar' },
  { id: 'wrapUp', icon: DocumentChecked, place: 'bar' },
  { id: 'takeOver', icon: Headset, place: 'bar' },
  { id: 'close', icon: CircleCheck, place: 'bar', key: 'e' },
  { id: 'invite', icon: UserFilled, place: 'menu', key: 'h' },
  { id: 'leave', icon: SwitchButton, place: 'menu' },
  { id: 'rate', icon: Star, place: 'menu', key: 'i' },
  { id: 'pin', icon: Top, place: 'menu', key: 'p' },
  { id: 'unpin', icon: Top, place: 'menu', key: 'p' },
  { id: 'reminder', icon: AlarmClock, place: 'menu', key: 'm' },
  { id: 'listen', icon: Headset, place: 'menu' },
  { id: 'history', icon: Timer, place: 'menu', divided: true },
  { id: 'merge', icon: Connection, place: 'menu' },
  { id: 'split', icon: Scissor, place: 'menu' },
  { id: 'transcript', icon: Download, place: 'menu' },
  { id: 'block', icon: Lock, place: 'menu', divided: true, danger: true },
  { id: 'unblock', icon: Unlock, place: 'menu', divided: true },
]
