// Statistics as a table: rows, columns, and what stands where they meet.

import type { CellAnswer, DimensionValue, StatisticsResponse } from '../api/types'
import { codeLabel } from '../i18n/codes'
import { count, type Locale } from '../shared/dates'
import type { DeskState, Measure } from './desk-state'

/** A figure in local form; a dash where there is nothing to make it of. */
export function figureText(value: number | null | undefined, unit: string, locale: Locale): string {
  if (value === null || value === undefined) return '–'
  switch (unit) {
    case 'share':
    case 'confidence': {
      // Never rounded to all or nothing.
      const shown = value > 0 && value < 1 ? Math.min(0.999, Math.max(0.001, value)) : value
      return new Intl.NumberFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(shown)
    }
    default:
      return count(value, locale)
  }
}

/** A value of a dimension as it is shown. */
export function valueText(dimension: string, value: DimensionValue, none: string): string {
  return value.value === null || value.value === undefined ? none : codeLabel(dimension, value.value, value.label)
}

export interface Place {
  /** The figure, and the number of cases it is of. */
  value: number | null
  cases: number
  /** Parameters of the search that lists the cases. */
  query: string
}
export interface Column {
  key: string
  label: string
  unit: string
}
export interface Row {
  key: string
  label: string
  /** One for each column. */
  places: (Place | undefined)[]
}
export interface Figures {
  columns: Column[]
  rows: Row[]
  /** All rows together. */
  total: (Place | undefined)[]
}

const key = (values: readonly (string | null | undefined)[]) => JSON.stringify(values.map((value) => value ?? null))

/** Finds a cell by the values of its dimensions. */
function finder(cells: readonly CellAnswer[] | undefined): (...values: (string | null | undefined)[]) => CellAnswer | undefined {
  const known = new Map(cells?.map((cell) => [key(cell.values), cell]))
  return (...values) => known.get(key(values))
}

function place(cell: CellAnswer | undefined, measure: string): Place | undefined {
  return cell && { value: cell.figures[measure]?.value ?? null, cases: cell.cases, query: cell.query }
}

/**
 * The table of an answer.
 *
 * By one dimension the figures stand beside each other; by two the values of the second; of two periods each figure of both.
 */
export function figures(answer: StatisticsResponse, state: DeskState, words: { none: string; all: string; label: (measure: Measure) => string; period: (index: number) => string }): Figures {
  const [rows, across] = answer.dimensions
  const unit = answer.measures.find((measure) => measure.code === state.measure)?.unit ?? 'cases'
  const [period, other] = answer.periods
  if (!rows || !period) return { columns: [], rows: [], total: [] }
  const label = (value: DimensionValue) => valueText(rows.code, value, words.none)

  if (other) {
    const periods = [period, other]
    // Of two dimensions the first: medians and shares are those of its values alone.
    const alone = periods.map((one) => finder(across ? one.margins[0] : one.cells))
    return {
      columns: periods.map((_, index) => ({ key: String(index), label: words.period(index), unit })),
      rows: rows.values.map((value) => ({
        key: key([value.value]),
        label: label(value),
        places: alone.map((of) => place(of(value.value), state.measure)),
      })),
      total: periods.map((one) => place(one.whole, state.measure)),
    }
  }
  const cell = finder(period.cells)
  if (across) {
    const [ofRow, ofColumn] = [finder(period.margins[0]), finder(period.margins[1])]
    return {
      columns: [...across.values.map((value) => ({ key: key([value.value]), label: valueText(across.code, value, words.none), unit })), { key: 'all', label: words.all, unit }],
      rows: rows.values.map((value) => ({
        key: key([value.value]),
        label: label(value),
        places: [...across.values.map((column) => place(cell(value.value, column.value), state.measure)), place(ofRow(value.value), state.measure)],
      })),
      total: [...across.values.map((column) => place(ofColumn(column.value), state.measure)), place(period.whole, state.measure)],
    }
  }
  return {
    columns: answer.measures.map((measure) => ({ key: measure.code, label: words.label(measure.code as Measure), unit: measure.unit })),
    rows: rows.values.map((value) => ({
      key: key([value.value]),
      label: label(value),
      places: answer.measures.map((measure) => place(cell(value.value), measure.code)),
    })),
    total: answer.measures.map((measure) => place(period.whole, measure.code)),
  }
}
