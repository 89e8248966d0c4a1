// Dates and numbers in local form.

export type Locale = 'zh' | 'en'
const TAGS: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB' }
const CIVIL = /^(\d{4})-(\d{2})-(\d{2})$/

/** Whether a text is a date `YYYY-MM-DD` of the calendar. */
export function isCivilDate(text: string): boolean {
  const parts = CIVIL.exec(text)
  if (!parts) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  date.setUTCFullYear(year)
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** A civil date `YYYY-MM-DD` in local form; anything else as it is. Civil dates have no time zone. */
export function civilDate(text: string | null | undefined, locale: Locale): string {
  if (!text) return ''
  if (!isCivilDate(text)) return text
  const format = new Intl.DateTimeFormat(TAGS[locale], { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' })
  return format.format(new Date(`${text}T00:00:00Z`))
}

/** A moment (RFC 3339) in the time zone of the reader. */
export function moment(text: string, locale: Locale): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return text
  return new Intl.DateTimeFormat(TAGS[locale], { dateStyle: 'medium', timeStyle: 'short' }).format(time)
}

/** A count with its groups of digits. */
export function count(value: number, locale: Locale): string {
  return new Intl.NumberFormat(TAGS[locale]).format(value)
}

/** A size in the unit in which it has few digits (powers of ten). */
export function bytes(size: number, locale: Locale): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(size, 1)) / 3))
  const format = { style: 'unit', unit: units[step]!, maximumFractionDigits: step === 0 ? 0 : 1 } as const
  return new Intl.NumberFormat(TAGS[locale], format).format(size / 1000 ** step)
}

/** A share, 0 to 1, in per cent. It is never rounded up to 100 %. */
export function percent(share: number, locale: Locale): string {
  const whole = share < 1 ? Math.min(0.99, Math.round(share * 100) / 100) : 1
  return new Intl.NumberFormat(TAGS[locale], { style: 'percent' }).format(whole)
}

/** Today as `YYYY-MM-DD` in the time zone of the reader. */
export function today(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
