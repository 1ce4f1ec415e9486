/**
 * Public holidays that the product brings along. A year is announced each autumn by the State Council (国务院办公厅关于部分节假日安排的通知); a day of rest
 * that is moved to a week (调休) makes a weekend day a working day. What is not announced yet holds only the days by law and says so.
 */
import type { HolidayYear } from '../../../contract/calendar.ts'
import { addDays } from '../../../core/business-time/index.ts'

type Day = HolidayYear['days'][number]

const rest = (name: string, from: string, count: number): Day[] =>
  Array.from({ length: count }, (_, index) => ({ day: addDays(from, index), kind: 'holiday', name }))
const work = (name: string, ...days: string[]): Day[] => days.map((day) => ({ day, kind: 'workday', name: `${name}调休` }))

const year = (value: Omit<HolidayYear, 'id'>): HolidayYear => ({
  id: `cn-${value.year}`,
  ...value,
  days: value.days.sort((a, b) => (a.day < b.day ? -1 : 1)),
})

export const HOLIDAY_YEARS: readonly HolidayYear[] = [
  year({
    year: 2026,
    source: {
      title: '国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）',
      url: 'https://www.gov.cn/zhengce/content/202511/content_7047090.htm',
    },
    complete: true,
    days: [
      ...rest('元旦', '2026-01-01', 3),
      ...work('元旦', '2026-01-04'),
      ...rest('春节', '2026-02-15', 9),
      ...work('春节', '2026-02-14', '2026-02-28'),
      ...rest('清明节', '2026-04-04', 3),
      ...rest('劳动节', '2026-05-01', 5),
      ...work('劳动节', '2026-05-09'),
      ...rest('端午节', '2026-06-19', 3),
      ...rest('中秋节', '2026-09-25', 3),
      ...rest('国庆节', '2026-10-01', 7),
      ...work('国庆节', '2026-09-20', '2026-10-10'),
    ],
  }),
  year({
    year: 2027,
    source: {
      title: '全国年节及纪念日放假办法（国务院令第795号）',
      url: 'https://www.gov.cn/zhengce/content/202411/content_6986380.htm',
    },
    // The arrangement of 2027 with its moved days replaces this once it is announced.
    complete: false,
    days: [
      ...rest('元旦', '2027-01-01', 1),
      ...rest('春节', '2027-02-05', 4),
      ...rest('清明节', '2027-04-05', 1),
      ...rest('劳动节', '2027-05-01', 2),
      ...rest('端午节', '2027-06-09', 1),
      ...rest('中秋节', '2027-09-15', 1),
      ...rest('国庆节', '2027-10-01', 3),
    ],
  }),
]
