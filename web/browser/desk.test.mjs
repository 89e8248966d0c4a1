// What an auditor does at the desk: figures over the years, each with its cases; findings and what becomes of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFaultless, openPage, parameters, WIDE } from './browser.mjs'
import { auditor } from './people.mjs'
import { useSite } from './site.mjs'

/** Two cases of one series with the same number, and one that was decided on a Saturday. */
const line = (serial, number, more = {}) => ({
  archival_code: `0123-XK·2016-D30-SCJG-${serial}`,
  title: '食品经营许可',
  agency: '灵丘县市场监督管理局',
  region: '140224',
  matter: '食品经营许可',
  document_number: `灵食许〔2016〕${number}号`,
  outcome: 'granted',
  retention: 'D30',
  security_class: '公开',
  applied_on: '2016-03-01',
  accepted_on: '2016-03-04',
  decided_on: '2016-03-21',
  applicant: { name: '灵丘县嘉禾餐饮管理有限公司', kind: 'organisation' },
  documents: [{ title: '行政许可决定书', kind: 'decision', pages: [`准予行政许可决定书 灵食许〔2016〕${number}号`] }],
  ...more,
})
const LINES = [
  line('0901', 901),
  line('0902', 902, { decided_on: '2016-03-26' }),
  line('0903', 903, { outcome: 'refused' }),
  line('0904', 903),
]

const known = {}
const site = useSite(async ({ server }) => Object.assign(known, { auditor: await auditor(server) }), { lines: LINES })

test('five years are charted, and each figure is that of the API and opens its cases', async () => {
  const opened = await openPage(site, WIDE, known.auditor)
  const { page } = opened
  await page.goto('/statistics')
  await page.getByRole('button', { name: '历年件数', exact: true }).waitFor()
  await page.locator('canvas').waitFor()
  const { total, periods } = await site.server.api('stats?by=year', known.auditor)
  await page.getByText(`共 ${total} 件`).waitFor()
  const rows = page.locator('tbody tr')
  assert.equal(await rows.count(), periods[0].cells.length)
  const cell = periods[0].cells.find(({ values }) => values[0] === '2016')
  const link = rows.filter({ has: page.getByRole('rowheader', { name: '2016' }) }).getByRole('link').first()
  assert.equal((await link.textContent()).trim(), String(cell.cases))
  await link.click()
  await page.waitForURL('**/search?**')
  await page.getByText(`共 ${cell.cases} 件案卷`).waitFor()
  await page.goBack()
  await page.locator('canvas').waitFor()
  // Imported cases have no images, which the list of hits finds out by asking.
  assertFaultless(opened)
  await opened.close()
})

test('two dimensions, a filter and another period stand in the address', async () => {
  const opened = await openPage(site, WIDE, known.auditor)
  const { page } = opened
  await page.goto('/statistics')
  await page.getByRole('button', { name: '各事项结果' }).click()
  await page.getByRole('columnheader', { name: '准予' }).waitFor()
  assert.equal(parameters(page).get('by'), 'matter,outcome')
  await page.getByLabel('再按').selectOption('')
  await page.getByLabel('指标').selectOption('refusal_rate')
  await page.waitForURL(/measure=refusal_rate/)
  await page.goto('/statistics?by=outcome&from=2016-01-01&to=2016-12-31')
  await page.getByRole('button', { name: '上年同期' }).click()
  await page.getByRole('columnheader', { name: '差额' }).waitFor()
  assert.equal(parameters(page).get('compare_from'), '2015-01-01')
  await page.goBack()
  await page.getByRole('columnheader', { name: '差额' }).waitFor({ state: 'detached' })
  assertFaultless(opened)
  await opened.close()
})

test('a finding shows its cases, is dismissed with a reason, and opened again', async () => {
  const opened = await openPage(site, WIDE, known.auditor)
  const { page } = opened
  await page.goto('/findings?year=2016')
  const early = page.getByRole('article').filter({ hasText: '0123-XK·2016-D30-SCJG-0902' }).filter({ hasText: '2016-03-26' }).first()
  await early.getByRole('link', { name: '0123-XK·2016-D30-SCJG-0902' }).waitFor()
  const title = await early.getByRole('heading').textContent()
  const before = await page.getByRole('article').count()
  await early.getByRole('button', { name: '排除：不成立' }).click()
  await early.getByLabel('理由').fill('当日为值班受理，已对照原件')
  await early.getByRole('button', { name: '排除：不成立' }).click()
  await page.waitForFunction((count) => document.querySelectorAll('article').length === count - 1, before)
  await page.goto('/findings?year=2016&state=dismissed')
  const dismissed = page.getByRole('article').filter({ hasText: '0123-XK·2016-D30-SCJG-0902' }).filter({ hasText: title })
  await dismissed.getByText('当日为值班受理，已对照原件').waitFor()
  await dismissed.getByRole('button', { name: '恢复为待处理' }).click()
  await dismissed.getByLabel('理由').fill('再查')
  await dismissed.getByRole('button', { name: '恢复为待处理' }).click()
  await page.getByText('共 0 项').waitFor()
  assertFaultless(opened)
  await opened.close()
})
