// What an auditor looks at, as it stands in the address: which cases, by what, which figures, beside which other period.

import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { parameters, readState, writeState, type SearchState } from '../search/query-state'
import { isCivilDate } from '../shared/dates'

export const DIMENSIONS = [
  'year', 'quarter', 'month', 'office', 'agency', 'county', 'city', 'province', 'matter', 'category', 'outcome', 'applicant_kind', 'time_limit', 'ocr_quality', 'retention',
] as const
export type Dimension = (typeof DIMENSIONS)[number]
export const MEASURES = [
  'cases', 'pages', 'refusal_rate', 'median_days', 'p90_days', 'within_limit', 'within_promise', 'not_computable', 'complete', 'confidence', 'high_quality',
] as const
export type Measure = (typeof MEASURES)[number]

export interface DeskState {
  /** Which cases. */
  search: SearchState
  /** By what: one dimension or two. */
  by: [Dimension] | [Dimension, Dimension]
  measure: Measure
  /** First and last date of the period it is compared with; empty without one. */
  compareFrom: string
  compareTo: string
}

/** What is asked most: one press of a button. */
export const QUESTIONS = [
  { key: 'byYear', by: ['year'], measure: 'cases' },
  { key: 'byAgency', by: ['year', 'office'], measure: 'cases' },
  { key: 'byMatter', by: ['matter', 'outcome'], measure: 'cases' },
  { key: 'refusals', by: ['office', 'year'], measure: 'refusal_rate' },
  { key: 'days', by: ['office', 'year'], measure: 'median_days' },
  { key: 'inTime', by: ['year'], measure: 'within_limit' },
  { key: 'unknown', by: ['year'], measure: 'not_computable' },
  { key: 'complete', by: ['year', 'office'], measure: 'complete' },
] as const satisfies readonly { key: string; by: readonly Dimension[]; measure: Measure }[]

const first = (value: LocationQuery[string] | undefined): string => {
  const one = Array.isArray(value) ? value[0] : value
  return typeof one === 'string' ? one : ''
}
const isDimension = (code: string): code is Dimension => (DIMENSIONS as readonly string[]).includes(code)
const isMeasure = (code: string): code is Measure => (MEASURES as readonly string[]).includes(code)

/** Reads an address. What it cannot mean is left out, so any address shows something. */
export function readDesk(query: LocationQuery): DeskState {
  const [one, other] = [...new Set(first(query.by).split(','))].filter(isDimension)
  const measure = first(query.measure)
  let [from, to] = [first(query.compare_from), first(query.compare_to)].map((text) => (isCivilDate(text) ? text : '')) as [string, string]
  if (from && to && from > to) [from, to] = [to, from]
  return {
    search: readState(query),
    by: one && other ? [one, other] : [one ?? 'year'],
    measure: isMeasure(measure) ? measure : 'cases',
    compareFrom: from,
    compareTo: to,
  }
}

/** Writes an address. What is as usual is left out. */
export function writeDesk(state: DeskState): LocationQueryRaw {
  const query = writeState({ ...state.search, page: 1, sort: '' })
  if (state.by.join() !== 'year') query.by = state.by.join()
  if (state.measure !== 'cases') query.measure = state.measure
  if (state.compareFrom) query.compare_from = state.compareFrom
  if (state.compareTo) query.compare_to = state.compareTo
  return query
}

/** Whether a second period is counted. */
export const isCompared = (state: DeskState): boolean => Boolean(state.compareFrom || state.compareTo)

/** The parameters of the statistics. By one dimension every figure is asked for: the table shows them beside each other. */
export function statsParameters(state: DeskState) {
  const { page: _page, size: _size, sort: _sort, facets: _facets, ...search } = parameters(state.search)
  return {
    ...search,
    by: state.by.join(),
    measures: state.by.length === 1 && !isCompared(state) ? 'all' : [...new Set(['cases', state.measure])].join(),
    compare_from: state.compareFrom || undefined,
    compare_to: state.compareTo || undefined,
  }
}
