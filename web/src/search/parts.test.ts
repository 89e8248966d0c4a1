import { describe, expect, test } from 'vitest'
import { found } from './found'
import { put } from './history'
import { bars, ends, height, isChosen, rangeValue } from './years'

const value = (year: string, count: number) => ({ value: year, label: year, count, selected: false })

describe('the histogram of years', () => {
  test('has a bar for each year between the first and the last', () => {
    expect(bars([value('2019', 3), value('2016', 1), value('2030', 0), value('x', 5)])).toEqual([
      { year: 2016, count: 1 }, { year: 2017, count: 0 }, { year: 2018, count: 0 }, { year: 2019, count: 3 },
    ])
    expect(bars([])).toEqual([])
  })
  test('has no thousands of bars for one wrong year', () => {
    expect(bars([value('1019', 1), value('2019', 1)])).toHaveLength(2)
  })
  test('chooses years and ranges in any direction', () => {
    expect(rangeValue(2020, 2015)).toBe('2015..2020')
    expect(rangeValue(2019, 2019)).toBe('2019')
    expect([2014, 2015, 2020, 2021].map((year) => isChosen(year, ['2015..2020']))).toEqual([false, true, true, false])
    expect(isChosen(1990, ['..1995'])).toBe(true)
    expect(isChosen(2024, ['2020..'])).toBe(true)
    expect(isChosen(2024, ['x', '1..2..3'])).toBe(false)
  })
  test('tells the first and the last chosen year', () => {
    expect(ends(['2015..2020', '2012'])).toEqual({ from: 2012, to: 2020 })
    expect([ends([]), ends(['..2012']), ends(['x'])]).toEqual([undefined, undefined, undefined])
  })
  test('shows the smallest bar, too', () => {
    expect([height(0, 9), height(1, 10_000), height(10_000, 10_000)]).toEqual([0, 4, 100])
  })
})

test('what was typed is found in a suggestion, by characters', () => {
  expect(found('𠮷林丰源餐饮', '丰源')).toEqual([[2, 4]])
  expect(found('灵丘县', 'lq')).toEqual([])
  expect(found('灵丘县', '')).toEqual([])
})

test('a search is remembered once, the latest first', () => {
  expect(put(['b', 'a'], 'a', 3)).toEqual(['a', 'b'])
  expect(put(['b', 'a'], 'c', 2)).toEqual(['c', 'b'])
})
