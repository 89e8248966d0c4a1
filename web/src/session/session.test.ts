import { expect, test } from 'vitest'
import { wayOn } from './way'

test('after logging in one stays on this site', () => {
  expect(wayOn('/search?q=甲&year=2019')).toBe('/search?q=甲&year=2019')
  for (const elsewhere of ['//evil.example/', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '', undefined, ['/a'], '/login?next=/login']) {
    expect(wayOn(elsewhere)).toBe('/')
  }
})
