// What an auditor does at the desk: figures over the years, each with its cases; findings and what becomes of them.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertFaultless, openPage, parameters, WIDE } from './browser.mjs'
import { auditor, numberedCases } from './people.mjs'
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
const site = useSite(async ({ server }) => Object.assign(known, { auditor: await auditor(server) }), { lines: [...LINES, ...numberedCases()] })

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

test('what is missing of a series stands on a line, for keys and in a table, and leads to its finding', async () => {
  const opened = await openPage(site, WIDE, known.auditor)
  const { page } = opened
  await page.goto('/findings?year=2017')
  const series = page.locator('figure').filter({ hasText: '灵卫许〔2017〕' })
  const line = series.getByRole('group', { name: /灵卫许〔2017〕/ })
  await line.waitFor()
  const { findings } = await site.server.api('findings?year=2017&rule=number_gap', known.auditor)
  const { numbers } = findings.find((finding) => finding.numbers.prefix === '灵卫许〔2017〕')
  assert.deepEqual(numbers.missing, [{ from: 4, to: 4, jump: false }, { from: 13, to: 29, jump: true }])
  assert.deepEqual(numbers.duplicates.map(({ number, case_count: cases }) => [number, cases]), [[3, 2]])
  // One stop for the whole line, and the arrows from there.
  const places = line.getByRole('button')
  assert.equal(await places.count(), 3)
  await places.first().focus()
  const said = []
  for (let at = 0; at < 3; at += 1) {
    said.push(await page.evaluate(() => document.activeElement.getAttribute('aria-label')))
    if (at < 2) await page.keyboard.press('ArrowRight')
  }
  assert.deepEqual(said, ['重号：第 3 号有 2 件', '断号：缺第 4 号，共 1 个', '跳号：缺第 13–29 号，共 17 个'])
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  const focused = await page.evaluate(() => document.activeElement.closest('article')?.textContent ?? '')
  assert.match(focused, /灵卫许〔2017〕 第 4 号/)
  // What is drawn lies where the numbers do: 4 of 31 begins at 3/31 of the line.
  const [whole, gap] = await Promise.all([line.locator('.used').boundingBox(), line.locator('.gap rect').boundingBox()])
  assert.ok(Math.abs((gap.x - whole.x) / whole.width - 3 / 31) < 0.02)
  await series.getByText(/^表格/).click()
  assert.deepEqual(await series.getByRole('rowheader').allTextContents(), ['重号', '断号', '跳号'])
  assert.equal(await series.getByRole('cell').getByRole('link', { name: /0123-XK·2017/ }).count(), 2)
  assertFaultless(opened)
  await opened.close()
})

test('figures and findings are taken out as tables', async () => {
  const opened = await openPage(site, WIDE, known.auditor)
  const { page } = opened
  for (const [path, name, least] of [['/findings?year=2017&rule=number_gap', 'findings.jsonl', 1], ['/statistics?by=outcome', 'statistics.jsonl', 2]]) {
    await page.goto(path)
    await page.getByText('导出表格').click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /\.jsonl/ }).click()])
    assert.equal(download.suggestedFilename(), name)
    const lines = readFileSync(await download.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line))
    assert.ok(lines.length > least && lines.at(-1).about.some(({ name: note }) => note === 'checksum'))
  }
  assertFaultless(opened)
  await opened.close()
})

test('a report is put together, its address kept, and it prints by itself', async () => {
  const opened = await openPage(site, WIDE, known.auditor)
  const { page, context } = opened
  await page.goto('/report')
  await page.getByRole('group', { name: '审批机关' }).getByLabel(/灵丘县卫生健康局/).check()
  await page.getByRole('group', { name: '内容' }).getByLabel('抽样').check()
  await page.getByLabel('标题').fill('二〇一七年卫生许可审计')
  await page.getByLabel('标题').press('Tab')
  await page.getByLabel('种子').fill('7')
  await page.getByLabel('种子').press('Tab')
  await page.waitForURL(/seed=7/)
  const chosen = parameters(page)
  assert.deepEqual([chosen.getAll('agency'), chosen.get('sections'), chosen.get('title')], [['灵丘县卫生健康局'], 'figures,working_days,findings,sample', '二〇一七年卫生许可审计'])
  await page.reload()
  await page.getByText('共 14 件案卷').waitFor()
  assert.ok(await page.getByRole('group', { name: '内容' }).getByLabel('抽样').isChecked(), 'the address has it all')

  const [report] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: '打开报告' }).click()])
  await report.getByRole('heading', { name: '二〇一七年卫生许可审计' }).waitFor()
  await report.getByText('灵卫许〔2017〕 第 4 号').waitFor()
  assert.equal(await report.evaluate(() => document.scripts.length), 0)
  assert.equal(await report.evaluate(() => getComputedStyle(document.querySelector('.bar')).fill), 'rgb(23, 90, 140)', 'its style applies under its own policy')
  const folder = mkdtempSync(join(tmpdir(), 'juanzong-report-'))
  try {
    const file = join(folder, 'report.pdf')
    await report.pdf({ path: file, preferCSSPageSize: true, printBackground: true })
    const printed = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
    for (const part of ['二〇一七年卫生许可审计', '核查发现', '抽样', '校验和']) assert.ok(printed.includes(part), part)
    assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), /Page size:\s+59\d(\.\d+)? x 84\d/, 'A4')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  await report.close()

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载报告' }).click()])
  const kept = readFileSync(await download.path(), 'utf8')
  const [before, after] = kept.split('<footer id="checksum">')
  assert.ok(after.includes(createHash('sha256').update(before).digest('hex')))
  assert.ok(!/<script|src="(?!data:)/.test(kept))
  assertFaultless(opened)
  await opened.close()
})
