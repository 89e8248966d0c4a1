import { describe, expect, test } from 'vitest'
import type { AccountAnswer } from '../api/types'
import { additionOf, EMPTY } from './addition'
import { formOf, missing, scopeOf, type GrantForm } from './scope'

const account = (more: Partial<AccountAnswer>): AccountAnswer => ({
  name: 'zhao', person: '赵小满', active: true, must_change_password: false, created_at: '2026-01-01T00:00:00Z', role: null, scope: null, ...more,
})
const form = (more: Partial<GrantForm>): GrantForm => ({ ...formOf(account({})), purpose: '窗口查档', allAgencies: true, allRegions: true, ...more })

describe('a grant', () => {
  test('comes back from the form as it was', () => {
    for (const scope of [
      { agencies: ['灵丘县市场监督管理局', '灵丘县水务局'], regions: ['140224'], clearance: 'internal', years: [2015, 2020], until: '2026-12-31', unmask: true, counter: true, upload: true, purpose: '窗口查档' },
      { agencies: null, regions: null, clearance: 'public', years: null, until: null, unmask: false, counter: false, upload: false, purpose: '查档' },
    ]) {
      const filled = formOf(account({ role: 'staff', scope }))
      expect(missing(filled)).toBeUndefined()
      expect(scopeOf(filled)).toEqual(scope)
    }
  })
  test('reaches nothing by default: all has to be chosen', () => {
    const fresh = formOf(account({}))
    expect([fresh.allAgencies, fresh.allRegions, fresh.unmask, fresh.counter, fresh.upload, fresh.clearance]).toEqual([false, false, false, false, false, 'public'])
    expect(missing(fresh)).toBe('listMissing')
  })
  test('of an administrator has no cases, whatever was filled in before', () => {
    for (const role of ['system_admin', 'security_admin', 'log_admin']) {
      expect(missing(form({ role }))).toBeUndefined()
      expect(scopeOf(form({ role }))).toBeNull()
    }
  })
  test('of an auditor needs years and a last day, and issues no codes', () => {
    expect(missing(form({ role: 'auditor' }))).toBe('mandateHint')
    const mandate = form({ role: 'auditor', from: '2015', to: '2020', until: '2026-12-31', counter: true })
    expect(missing(mandate)).toBeUndefined()
    expect(scopeOf(mandate)?.counter).toBe(false)
  })
  test('lacks what it lacks', () => {
    expect(missing(form({ purpose: ' ' }))).toBe('purposeMissing')
    expect(missing(form({ allRegions: false, regions: ' \n' }))).toBe('listMissing')
    expect(scopeOf(form({ from: '2019' }))?.years).toEqual([2019, 2019])
  })
})

test('an addition says what was filled in, and leaves the rest as it is', () => {
  expect(additionOf('words', { ...EMPTY, term: ' 综窗受理 ' })).toEqual({ kind: 'word', term: '综窗受理' })
  expect(additionOf('synonyms', { ...EMPTY, term: '灶房', others: '伙房\n\n 后厨 ' })).toEqual({ kind: 'synonyms', term: '灶房', others: ['伙房', '后厨'] })
  expect(additionOf('agencies', { ...EMPTY, term: '甲局', from: '2018', others: '~乙局' })).toEqual({
    kind: 'agency', name: '甲局', same_as: undefined, from: 2018, to: undefined, successors: ['~乙局'],
  })
  expect(additionOf('matters', { ...EMPTY, term: '某许可', category: '普通', deciders: '甲局', others: '别名' })).toEqual({
    kind: 'matter', name: '某许可', category: '普通', agencies: ['甲局'], synonyms: ['别名'],
  })
})
