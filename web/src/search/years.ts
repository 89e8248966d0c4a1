// The histogram of years.

import type { FacetValue } from '../api/types'

export interface YearBar {
  year: number
  count: number
}

/** The most years between the first and the last that are shown one by one. */
const MOST_BARS = 80

/** One bar for each year from the first to the last that has cases; years without cases are kept as gaps. */
export function bars(values: readonly FacetValue[]): YearBar[] {
  const counts = new Map<number, number>()
  for (const { value, count } of values) {
    const year = Number(value)
    if (Number.isInteger(year)) counts.set(year, count)
  }
  const years = [...counts].filter(([, count]) => count > 0).map(([year]) => year).sort((a, b) => a - b)
  const first = years[0]
  const last = years[years.length - 1]
  if (first === undefined || last === undefined) return []
  if (last - first >= MOST_BARS) return years.map((year) => ({ year, count: counts.get(year) ?? 0 }))
  return Array.from({ length: last - first + 1 }, (_, index) => ({ year: first + index, count: counts.get(first + index) ?? 0 }))
}

/** A range of years as the API takes it: `2015..2020`, or `2019` for one. */
export function rangeValue(a: number, b: number): string {
  const [first, last] = a <= b ? [a, b] : [b, a]
  return first === last ? String(first) : `${first}..${last}`
}

/** Whether a year lies in any of the chosen values, which are years or ranges (open ones, too). */
export function isChosen(year: number, chosen: readonly string[]): boolean {
  return chosen.some((value) => {
    const [first, last, ...more] = value.split('..')
    if (first === undefined || more.length > 0) return false
    if (last === undefined) return Number(first) === year
    return (first === '' || Number(first) <= year) && (last === '' || year <= Number(last))
  })
}

/** First and last year of the chosen values together; `undefined` when nothing is chosen or an end is open. */
export function ends(chosen: readonly string[]): { from: number; to: number } | undefined {
  const years = chosen.flatMap((value) => value.split('..').map(Number))
  if (years.length === 0 || years.some((year) => !Number.isInteger(year) || year === 0)) return undefined
  return { from: Math.min(...years), to: Math.max(...years) }
}

/** Height of a bar in per cent of the tallest; a year that has any case can be seen. */
export function height(count: number, most: number): number {
  return count <= 0 || most <= 0 ? 0 : Math.max(4, Math.round((count / most) * 100))
}
