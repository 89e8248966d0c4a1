import { describe, expect, test } from 'vitest'
import { activeCount, emptyState, FACETS, parameters, readState, SIZES, SORTS, withoutFilters, withValue, writeState, type SearchState } from './query-state'

/** A source of numbers that is the same each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const WORDS = ['餐饮', '年度:2015..2020', '"准予 许可"', 'a&b=c', '100%', '𠮷', '-不予', '', '#', '+']

function anyState(seed: number): SearchState {
  const next = numbers(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const state = emptyState(`${one(WORDS)} ${one(WORDS)}`)
  for (const facet of FACETS) if (next() < 0.3) state.filters[facet] = [...new Set([one(WORDS), one(WORDS)])].filter(Boolean)
  if (next() < 0.5) state.from = '2015-01-31'
  if (next() < 0.5) state.to = '2020-02-29'
  state.sort = next() < 0.5 ? '' : one(SORTS)
  state.size = one(SIZES)
  state.page = 1 + Math.floor(next() * 20)
  state.expand = next() < 0.5
  return state
}

describe('the address of a search', () => {
  test('means the same when it is read again, also through a real address', () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const state = anyState(seed)
      const written = writeState(state)
      const address = new URLSearchParams()
      for (const [name, value] of Object.entries(written)) for (const one of [value].flat()) address.append(name, String(one))
      const read = new URLSearchParams(address.toString())
      const query = Object.fromEntries([...new Set(read.keys())].map((name) => [name, read.getAll(name)]))
      expect(readState(query), `seed ${seed}`).toEqual(state)
    }
  })
  test('holds nothing that is as usual', () => {
    expect(writeState(emptyState())).toEqual({})
    expect(writeState(emptyState('餐饮'))).toEqual({ q: '餐饮' })
  })
  test('is never refused: what it cannot mean is left out', () => {
    const state = readState({
      q: ['a', 'b'], page: '-3', size: '7', sort: 'price', from: '2019-02-30', to: 'x', year: ['2019', '', '2019', null], color: 'red', expand: 'yes',
    })
    expect(state).toEqual({ ...emptyState('a'), filters: { ...emptyState().filters, year: ['2019'] } })
  })
  test('goes no further than can be paged, and its dates are in order', () => {
    expect(readState({ page: '999999', size: '50' }).page).toBe(200)
    expect(readState({ from: '2020-01-01', to: '2019-01-01' })).toMatchObject({ from: '2019-01-01', to: '2020-01-01' })
  })
  test('takes as many characters as the server, not units', () => {
    expect(Array.from(readState({ q: '𠮷'.repeat(300) }).q)).toHaveLength(256)
  })
})

describe('filters', () => {
  test('are chosen and taken back, which leads to the first page', () => {
    const one = withValue({ ...emptyState(), page: 4 }, 'year', '2019', true)
    expect(one).toMatchObject({ page: 1, filters: { year: ['2019'] } })
    expect(withValue(one, 'year', '2020', true).filters.year).toEqual(['2019', '2020'])
    expect(withValue(one, 'year', '2019', true).filters.year).toEqual(['2019'])
    expect(withValue(one, 'year', '2019', false).filters.year).toEqual([])
  })
  test('are counted and all taken back, while the words stay', () => {
    const state = { ...withValue(emptyState('餐饮'), 'year', '2019', true), from: '2019-01-01', to: '2019-12-31' }
    expect(activeCount(state)).toBe(2)
    expect(activeCount(withoutFilters(state))).toBe(0)
    expect(withoutFilters(state).q).toBe('餐饮')
  })
  test('that are empty are not sent', () => {
    expect(Object.entries(parameters(emptyState())).filter(([, value]) => value !== undefined)).toEqual([['page', 1], ['size', 10], ['facets', 'all']])
  })
})
