// What is searched for, as it stands in the address: the one place where both are turned into each other.

import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { isCivilDate } from '../shared/dates'

/** The facets in the order in which they are shown. */
export const FACETS = [
  'year', 'agency', 'matter', 'region', 'outcome', 'document_kind', 'applicant_kind', 'retention', 'ocr_quality',
] as const
export type Facet = (typeof FACETS)[number]
export const SORTS = ['relevance', 'date', 'date_asc', 'number'] as const
export type Sort = (typeof SORTS)[number]
export const SIZES = [10, 20, 50] as const
/** Hits beyond this one cannot be paged to. */
export const REACH = 10_000
/** Longest query in characters. */
export const QUERY_LENGTH = 256

export type Filters = Record<Facet, string[]>

export interface SearchState {
  q: string
  filters: Filters
  /** First and last date of decision, `YYYY-MM-DD` or empty. */
  from: string
  to: string
  /** Empty: as the server thinks best. */
  sort: Sort | ''
  page: number
  size: number
  /** Whether other names are searched, too. */
  expand: boolean
}

export function noFilters(): Filters {
  return Object.fromEntries(FACETS.map((facet): [Facet, string[]] => [facet, []])) as Filters
}

export function emptyState(q = ''): SearchState {
  return { q, filters: noFilters(), from: '', to: '', sort: '', page: 1, size: SIZES[0], expand: true }
}

const texts = (value: LocationQuery[string] | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((text): text is string => typeof text === 'string')
const text = (value: LocationQuery[string] | undefined): string => texts(value)[0] ?? ''

/** Reads an address. What it cannot mean is left out, so any address shows something. */
export function readState(query: LocationQuery): SearchState {
  const state = emptyState(Array.from(text(query.q)).slice(0, QUERY_LENGTH).join(''))
  for (const facet of FACETS) state.filters[facet] = [...new Set(texts(query[facet]).filter((value) => value !== ''))]
  for (const end of ['from', 'to'] as const) if (isCivilDate(text(query[end]))) state[end] = text(query[end])
  if (state.from && state.to && state.from > state.to) [state.from, state.to] = [state.to, state.from]
  const sort = text(query.sort)
  if ((SORTS as readonly string[]).includes(sort)) state.sort = sort as Sort
  const size = Number(text(query.size))
  if ((SIZES as readonly number[]).includes(size)) state.size = size
  const page = Number(text(query.page))
  if (Number.isInteger(page) && page > 1) state.page = Math.min(page, Math.floor(REACH / state.size))
  state.expand = text(query.expand) !== 'false'
  return state
}

/** Writes an address. What is as usual is left out, so addresses stay short. */
export function writeState(state: SearchState): LocationQueryRaw {
  const query: LocationQueryRaw = {}
  if (state.q) query.q = state.q
  for (const facet of FACETS) if (state.filters[facet].length > 0) query[facet] = [...state.filters[facet]]
  if (state.from) query.from = state.from
  if (state.to) query.to = state.to
  if (state.sort) query.sort = state.sort
  if (state.page > 1) query.page = String(state.page)
  if (state.size !== SIZES[0]) query.size = String(state.size)
  if (!state.expand) query.expand = 'false'
  return query
}

/** The parameters of the API. */
export function parameters(state: SearchState) {
  const filters = Object.fromEntries(FACETS.flatMap((facet) => (state.filters[facet].length > 0 ? [[facet, state.filters[facet]]] : [])))
  return {
    ...(filters as Partial<Filters>),
    q: state.q || undefined,
    from: state.from || undefined,
    to: state.to || undefined,
    sort: state.sort || undefined,
    page: state.page,
    size: state.size,
    expand: state.expand ? undefined : false,
    facets: 'all',
  }
}

/** The state with a value of a facet chosen, or not any more; back on the first page. */
export function withValue(state: SearchState, facet: Facet, value: string, chosen: boolean): SearchState {
  const others = state.filters[facet].filter((other) => other !== value)
  return { ...state, page: 1, filters: { ...state.filters, [facet]: chosen ? [...others, value] : others } }
}

/** How many filters are active. */
export function activeCount(state: SearchState): number {
  return FACETS.reduce((sum, facet) => sum + state.filters[facet].length, 0) + (state.from || state.to ? 1 : 0)
}

/** The state without any filter. */
export function withoutFilters(state: SearchState): SearchState {
  return { ...state, filters: noFilters(), from: '', to: '', page: 1 }
}
