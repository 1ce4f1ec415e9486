export { HORIZON_MS, minuteOf, workingTime, type WorkingCalendar, type WorkingPeriod, type WorkingTime } from './working-time.ts'
export { addDays, dayIn, dayNumber, momentIn, wallMinuteIn } from './zones.ts'
