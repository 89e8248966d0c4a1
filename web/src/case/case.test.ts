import { describe, expect, test } from 'vitest'
import type { CaseAnswer, FactAnswer } from '../api/types'
import { counted } from '../review/progress'
import { candidates, lineIn } from '../review/doubt'
import { request } from './corrections'
import { details, fieldView } from './fields'
import { ordinal, step } from './hits'
import { indexOf, pagesOf } from './pages'

const fact = (field: string, value: string, more: Partial<FactAnswer> = {}): FactAnswer => ({ field, value, source: 'extraction', origin: 'rule', ...more })
const at = (document: number, confidence: number) => ({ document, page: 1, box: [1, 2, 30, 40], confidence })
const answerWith = (facts: FactAnswer[], more: Partial<CaseAnswer> = {}) =>
  ({ case_id: 'a', archival_code: 'x', applicant: {}, documents: [], facts, labels: {}, stages: [], ...more }) as CaseAnswer

describe('a field', () => {
  test('stands where its value was read the surest', () => {
    const answer = answerWith(
      [fact('matter', '甲', { source: 'catalogue' }), fact('matter', '甲', at(1, 0.7)), fact('matter', '甲', at(2, 0.9)), fact('matter', '乙', at(3, 0.99))],
      { matter: '甲' },
    )
    const view = fieldView(answer, 'matter')
    expect(view).toMatchObject({ value: '甲', others: 1, confidence: 0.9, evidence: { document: 2 } })
    expect(view.fact?.source).toBe('catalogue')
    expect(view.read).toBeUndefined()
  })
  test('says what the scan has instead, unless that was hardly read', () => {
    const catalogue = fact('matter', '甲', { source: 'catalogue' })
    expect(fieldView(answerWith([catalogue, fact('matter', '乙', at(3, 0.9))], { matter: '甲' }), 'matter')).toMatchObject({ read: '乙', evidence: { document: 3 } })
    expect(fieldView(answerWith([catalogue, fact('matter', '乙', at(3, 0.01))], { matter: '甲' }), 'matter')).toMatchObject({ others: 0, evidence: undefined })
  })
  test('of which a case may have many has each value once, at its surest place', () => {
    const answer = answerWith([fact('phone', '138****1', at(1, 0.5)), fact('phone', '138****1', at(2, 0.8)), fact('phone', '139****2', at(1, 0.4)), fact('matter', '甲')])
    expect(details(answer).map((view) => [view.value, view.evidence?.document])).toEqual([['138****1', 2], ['139****2', 1]])
  })
})

describe('the hits of a case', () => {
  const counts = [0, 2, 0, 1]
  const marksOf = (page: number) => Promise.resolve(counts[page]!)
  const walk = async (by: 1 | -1, times: number) => {
    let place = { page: 1, mark: 0 }
    const seen = [ordinal(place, counts)]
    for (let n = 0; n < times; n += 1) {
      place = (await step(place, by, counts.length, marksOf))!
      seen.push(ordinal(place, counts))
    }
    return seen
  }
  test('follow each other across pages and round the ends', async () => {
    expect(await walk(1, 4)).toEqual([1, 2, 3, 1, 2])
    expect(await walk(-1, 4)).toEqual([1, 3, 2, 1, 3])
  })
  test('may be one, or none', async () => {
    expect(await step({ page: 0, mark: 0 }, 1, 1, () => Promise.resolve(1))).toEqual({ page: 0, mark: 0 })
    expect(await step({ page: 0, mark: 0 }, 1, 3, () => Promise.resolve(0))).toBeUndefined()
    expect(await step({ page: 0, mark: 0 }, 1, 0, () => Promise.reject(new Error('not asked')))).toBeUndefined()
  })
  test('are reached from a page that has none', async () => {
    expect(await step({ page: 2, mark: -1 }, 1, 4, marksOf)).toEqual({ page: 3, mark: 0 })
    expect(await step({ page: 2, mark: 0 }, -1, 4, marksOf)).toEqual({ page: 1, mark: 1 })
  })
})

test('pages keep the numbers of their file', () => {
  const document = { document: 2, title: '决定', kind: 'decision', kind_label: '', source_name: '', version: 1, first_page: 5, page_count: 2 }
  const pages = pagesOf([{ ...document, document: 1, first_page: 1, page_count: 1 }, document])
  expect(pages.map(({ document: d, page, number }) => [d, page, number])).toEqual([[1, 1, 1], [2, 5, 1], [2, 6, 2]])
  expect([indexOf(pages, { document: 2, page: 6 }), indexOf(pages, { document: 2 }), indexOf(pages, { document: 9, page: 1 })]).toEqual([2, 1, 0])
})

describe('a correction', () => {
  test('says what was seen, but not of a number that is shown masked', () => {
    expect(request({ kind: 'field', field: 'matter', value: '甲' }, ' 乙 ', '')).toEqual({ field: 'matter', value: '乙', old: '甲' })
    expect(request({ kind: 'field', field: 'applicant_id_number', value: '1***2' }, '3', 'b')).toEqual({ reason: 'b', field: 'applicant_id_number', value: '3' })
  })
  test('of a line may be empty', () => {
    const place = { document: 2, page: 3 }
    expect(request({ kind: 'line', line: 4, value: '污点', evidence: place }, '', '')).toEqual({ line: { ...place, line: 4 }, value: '', old: '污点' })
  })
})

describe('the review desk', () => {
  test('offers each value once, people and catalogue first', () => {
    const answer = answerWith([fact('matter', '丙', at(1, 0.4)), fact('matter', '乙', at(1, 0.9)), fact('matter', '甲', { source: 'catalogue' }), fact('matter', '乙', at(2, 0.5))])
    expect(candidates(answer, 'matter').map((one) => one.value)).toEqual(['甲', '乙', '丙'])
  })
  test('finds the line that a doubt means', () => {
    const line = (box: number[]) => ({ text: '', box, confidence: 1, words: [] })
    expect(lineIn([line([0, 0, 100, 20]), line([0, 30, 100, 50])], [0, 28, 120, 52])).toBe(1)
    expect(lineIn([line([0, 0, 100, 20])], [90, 0, 300, 20])).toBe(-1)
  })
  test('counts the day and begins anew the next', () => {
    expect(counted({ date: '2026-01-01', done: 3 }, '2026-01-01', 1)).toEqual({ date: '2026-01-01', done: 4 })
    expect(counted({ date: '2026-01-01', done: 3 }, '2026-01-02', -1)).toEqual({ date: '2026-01-02', done: 0 })
  })
})
