// The plot of a table: which kind shows it best, and what it holds. No drawing here.

import type { Figures, Place, Row } from './figures'
import type { Dimension } from './desk-state'

export interface Series {
  name: string
  values: (number | null)[]
}
export type Plot =
  | { kind: 'lines' | 'columns' | 'bars'; labels: string[]; series: Series[]; unit: string; places: (Place | undefined)[][] }
  | { kind: 'heat'; rows: string[]; columns: string[]; cells: [number, number, number][]; unit: string; places: (Place | undefined)[][] }

const TIMES: readonly Dimension[] = ['year', 'quarter', 'month']
/** More bars than these cannot be told apart; the table has them all. */
const MOST_BARS = 20
/** More lines than these either. */
const MOST_LINES = 8

/** What shows the figures: lines over time, bars of agencies, a field of cells where each has two. */
export function plotOf(figures: Figures, by: readonly Dimension[], measure: string, compared: boolean): Plot | undefined {
  const { rows } = figures
  if (rows.length === 0) return undefined
  const inTime = TIMES.includes(by[0]!)
  const across = by.length === 2 && !compared
  // The sums at the end are no values of their own.
  const columns = across ? figures.columns.slice(0, -1) : compared ? figures.columns : figures.columns.filter((column) => column.key === measure)
  const at = columns.map((column) => figures.columns.indexOf(column))
  const unit = columns[0]?.unit ?? 'cases'
  const value = (row: number, column: number) => rows[row]?.places[at[column]!]?.value ?? null
  if (across && !(inTime && columns.length <= MOST_LINES)) {
    const shown = rows.slice(0, MOST_BARS)
    const cells = shown.flatMap((_, y) => columns.flatMap((_, x) => (value(y, x) === null ? [] : [[x, y, value(y, x)!] as [number, number, number]])))
    return { kind: 'heat', rows: shown.map((row) => row.label), columns: columns.map((column) => column.label), cells, unit, places: shown.map((row) => at.map((place) => row.places[place])) }
  }
  const isCount = unit === 'cases' || unit === 'pages'
  // A year without cases has its place, too: what lies apart must not seem to follow.
  const shown = by[0] === 'year' ? withEveryYear(rows) : inTime ? rows.map((row) => ({ label: row.label, row })) : rows.slice(0, MOST_BARS).map((row) => ({ label: row.label, row }))
  const none = isCount ? 0 : null
  const placeOf = (row: Row | undefined, column: number) => row?.places[at[column]!]
  return {
    kind: !inTime ? 'bars' : across || !isCount ? 'lines' : 'columns',
    labels: shown.map(({ label }) => label),
    series: columns.map((column, index) => ({ name: column.label, values: shown.map(({ row }) => placeOf(row, index)?.value ?? none) })),
    unit,
    places: columns.map((_, index) => shown.map(({ row }) => placeOf(row, index))),
  }
}

/** The rows of the years with those between them that have none; what is no year stands behind. */
function withEveryYear(rows: readonly Row[]): { label: string; row?: Row }[] {
  const year = (row: Row) => (/^\d{4}$/.test(row.label) ? Number(row.label) : undefined)
  const known = new Map(rows.flatMap((row) => (year(row) === undefined ? [] : [[year(row)!, row] as const])))
  const years = [...known.keys()]
  const [first, last] = [Math.min(...years), Math.max(...years)]
  const all = years.length > 0 ? Array.from({ length: last - first + 1 }, (_, at) => first + at) : []
  return [
    ...all.map((one) => ({ label: String(one), row: known.get(one) })),
    ...rows.filter((row) => year(row) === undefined).map((row) => ({ label: row.label, row })),
  ]
}
