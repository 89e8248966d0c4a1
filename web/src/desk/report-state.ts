// What the report holds, as it stands in the address.

import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { searchOf } from '../api/addresses'
import { isCivilDate } from '../shared/dates'
import { MEASURES, type Measure } from './desk-state'
import { SEVERITIES, STATES, type FindingState } from './findings-state'

export const SECTIONS = ['figures', 'working_days', 'findings', 'sample'] as const
export type Section = (typeof SECTIONS)[number]
/** By what the population of a sample is told apart. */
export const STRATA = ['year', 'agency', 'region', 'matter', 'outcome', 'applicant_kind', 'retention'] as const
export type Stratum = (typeof STRATA)[number]
const USUAL_SECTIONS: readonly Section[] = ['figures', 'working_days', 'findings']
const USUAL_MEASURES: readonly Measure[] = ['cases', 'refusal_rate', 'median_days', 'within_limit', 'not_computable', 'complete']
const TITLE = 100
const SAMPLE = 60

export interface ReportState {
  title: string
  sections: Section[]
  /** First and last date of the period, or empty. */
  from: string
  to: string
  agencies: string[]
  measures: Measure[]
  /** Codes; empty: all. */
  rules: string[]
  severities: string[]
  state: FindingState
  thumbnails: boolean
  seed: number
  sample: number
  by: Stratum[]
}

type Value = LocationQuery[string] | undefined
const texts = (value: Value): string[] => (Array.isArray(value) ? value : [value]).filter((text): text is string => typeof text === 'string' && text !== '')
const text = (value: Value): string => texts(value)[0] ?? ''
/** Known codes of a list separated by commas, in their usual order; `usual` without the parameter. */
function codes<T extends string>(value: Value, known: readonly T[], usual: readonly T[]): T[] {
  if (value === undefined) return [...usual]
  const given = text(value).split(',')
  return known.filter((code) => given.includes(code))
}
function whole(value: Value, least: number, most: number, usual: number): number {
  const number = Number(text(value))
  return text(value) !== '' && Number.isInteger(number) && number >= least && number <= most ? number : usual
}

/** Reads an address. What it cannot mean is left out. */
export function readReport(query: LocationQuery): ReportState {
  let [from, to] = [query.from, query.to].map((value) => (isCivilDate(text(value)) ? text(value) : '')) as [string, string]
  if (from && to && from > to) [from, to] = [to, from]
  const state = text(query.state)
  return {
    title: Array.from(text(query.title)).slice(0, TITLE).join(''),
    sections: codes(query.sections, SECTIONS, USUAL_SECTIONS),
    from,
    to,
    agencies: [...new Set(texts(query.agency))],
    measures: codes(query.measures, MEASURES, USUAL_MEASURES),
    rules: [...new Set(texts(query.rule))],
    severities: SEVERITIES.filter((code) => texts(query.severity).includes(code)),
    state: (STATES as readonly string[]).includes(state) ? (state as FindingState) : 'open',
    thumbnails: text(query.thumbnails) !== 'false',
    seed: whole(query.seed, 0, Number.MAX_SAFE_INTEGER, 1),
    sample: whole(query.sample, 1, 1000, SAMPLE),
    by: codes(query.by, STRATA, []),
  }
}

/** Writes an address. What is as usual is left out. */
export function writeReport(state: ReportState): LocationQueryRaw {
  const same = (list: readonly string[], usual: readonly string[]) => list.join() === usual.join()
  const sample = state.sections.includes('sample')
  return {
    ...(state.title && { title: state.title }),
    ...(!same(state.sections, USUAL_SECTIONS) && { sections: state.sections.join() }),
    ...(state.from && { from: state.from }),
    ...(state.to && { to: state.to }),
    ...(state.agencies.length > 0 && { agency: state.agencies }),
    ...(!same(state.measures, USUAL_MEASURES) && { measures: state.measures.join() }),
    ...(state.rules.length > 0 && { rule: state.rules }),
    ...(state.severities.length > 0 && { severity: state.severities }),
    ...(state.state !== 'open' && { state: state.state }),
    ...(!state.thumbnails && { thumbnails: 'false' }),
    ...(sample && state.seed !== 1 && { seed: String(state.seed) }),
    ...(sample && state.sample !== SAMPLE && { sample: String(state.sample) }),
    ...(sample && state.by.length > 0 && { by: state.by.join() }),
  }
}

/** Address of the report itself: a page to look at and print, or a file. */
export function reportAddress(state: ReportState, download: boolean): string {
  const parameters = writeReport(state)
  // No figure is none, and not the usual ones.
  if (state.measures.length === 0) delete parameters.measures
  const sections = state.measures.length === 0 ? state.sections.filter((one) => one !== 'figures') : state.sections
  return `/api/v1/audit-report?${searchOf({ ...parameters, sections: sections.join(), download })}`
}
