// Which findings are listed, as it stands in the address.

import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export const SEVERITIES = ['high', 'medium', 'low', 'to_check'] as const
export const STATES = ['open', 'dismissed', 'all'] as const
export type FindingState = (typeof STATES)[number]
export const SIZE = 20

export interface FindingsState {
  rule: string
  severity: string
  state: FindingState
  year: string
  agency: string
  page: number
}

const first = (value: LocationQuery[string] | undefined): string => {
  const one = Array.isArray(value) ? value[0] : value
  return typeof one === 'string' ? one : ''
}

/** Reads an address. What it cannot mean is left out. */
export function readFindings(query: LocationQuery): FindingsState {
  const [severity, state, year, page] = [first(query.severity), first(query.state), first(query.year), Number(first(query.page))]
  return {
    rule: first(query.rule),
    severity: (SEVERITIES as readonly string[]).includes(severity) ? severity : '',
    state: (STATES as readonly string[]).includes(state) ? (state as FindingState) : 'open',
    year: /^\d{4}$/.test(year) ? year : '',
    agency: first(query.agency),
    page: Number.isInteger(page) && page > 1 ? page : 1,
  }
}

/** Writes an address. What is as usual is left out. */
export function writeFindings(state: FindingsState): LocationQueryRaw {
  return {
    ...(state.rule && { rule: state.rule }),
    ...(state.severity && { severity: state.severity }),
    ...(state.state !== 'open' && { state: state.state }),
    ...(state.year && { year: state.year }),
    ...(state.agency && { agency: state.agency }),
    ...(state.page > 1 && { page: String(state.page) }),
  }
}

/** The parameters of the API. */
export function findingsParameters(state: FindingsState) {
  return {
    rule: state.rule ? [state.rule] : undefined,
    severity: state.severity ? [state.severity] : undefined,
    state: state.state,
    year: state.year ? Number(state.year) : undefined,
    agency: state.agency ? [state.agency] : undefined,
    page: state.page,
    size: SIZE,
  }
}
