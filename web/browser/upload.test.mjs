// Uploading, as a clerk does it: a folder is chosen, checked and taken in by a running indexer; what is broken is named and
// tried again; what is good is found. And what the page says while no indexer runs.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findings } from './axe.mjs'
import { assertFaultless, NARROW, openPage, WIDE } from './browser.mjs'
import { sampleScans, until } from './server.mjs'
import { useSite } from './site.mjs'

const site = useSite()
const folder = mkdtempSync(join(tmpdir(), 'juanzong-upload-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const CODE = '0123-XK·2021-D30-SCJG-7001'
const BROKEN = '0123-XK·2021-D30-SCJG-7002'
const TITLE = '甲辰号上传食品经营许可'

/** A folder as it comes from the scanner: a case whose papers can be read, one whose paper is broken, a manifest with a faulty row. */
function scans(name) {
  const root = join(folder, name)
  const good = sampleScans().find((path) => path.endsWith('.pdf'))
  mkdirSync(join(root, CODE), { recursive: true })
  mkdirSync(join(root, BROKEN))
  writeFileSync(join(root, CODE, '1.pdf'), readFileSync(good))
  writeFileSync(join(root, BROKEN, '1.pdf'), '%PDF-1.4 broken')
  writeFileSync(join(root, '.DS_Store'), 'x')
  const rows = ['档号,题名,经办处,决定日期', `${CODE},${TITLE},甲,2021-05-07`, `${BROKEN},破损件,乙,2021-05-08`, `0123-XK·2021-D30-SCJG-7003,没有扫描件,丙,2021-13-40`]
  writeFileSync(join(root, '清单.csv'), `${rows.join('\n')}\n`)
  return root
}

async function choose(page, root) {
  await page.goto('/uploads')
  await page.getByRole('button', { name: '选择文件夹' }).waitFor()
  await page.locator('input.folder').setInputFiles(root)
  await page.getByText('已选 3 个文件').waitFor()
  await page.getByText('跳过 1 个隐藏文件').waitFor()
}

const roomy = (page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

test('without an indexer the page says so, and an upload waits for one', async () => {
  const opened = await openPage(site, NARROW)
  const { page } = opened
  await choose(page, scans('alone'))
  await page.getByText('识别程序没有运行').waitFor()
  await page.getByRole('button', { name: '开始上传' }).click()
  await page.getByRole('button', { name: '核对', exact: true }).click()
  await page.getByText('任务会留在队列里').waitFor()
  assert.deepEqual(await findings(page), [])
  assert.ok(await roomy(page), 'it fits on a telephone')
  site.server.watch()
  await page.getByRole('heading', { name: '核对结果' }).waitFor()
  await page.getByText('任务会留在队列里').waitFor({ state: 'detached' })
  assert.deepEqual(await findings(page), [])
  assert.ok(await roomy(page))
  await page.getByRole('button', { name: '放弃并删除文件' }).click()
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByRole('heading', { name: '我的上传' }).waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('good and broken files: checked, taken in while one looks on, tried again, and found', async () => {
  const opened = await openPage(site, WIDE)
  const { page } = opened
  await choose(page, scans('both'))
  await page.getByRole('button', { name: '开始上传' }).click()
  await page.waitForURL(/\/uploads\/[0-9a-f]{20}/)
  await page.getByRole('button', { name: '核对', exact: true }).click()

  // What the manifest was taken for, what is wrong with it, by row and column.
  await page.getByText('清单 3 行：可用 2 行，有错 1 行').waitFor()
  const fault = page.locator('.findings tr').filter({ hasText: '第 4 行' }).first()
  await fault.getByText('整行不导入').waitFor()
  assert.match(await fault.textContent(), /D 列“决定日期”/)
  await page.locator('.cases').getByText(CODE).waitFor()
  // A heading that nobody knows is given a meaning, and the check is made again with it.
  await page.getByLabel('含义 经办处').selectOption('ignore')
  await page.getByRole('button', { name: '重新核对' }).click()
  await page.locator('.columns').waitFor({ state: 'detached' })
  await page.locator('.columns').waitFor()
  assert.equal(await page.locator('.findings tr').filter({ hasText: '经办处' }).count(), 0)
  assert.deepEqual(await findings(page), [])

  await page.getByRole('button', { name: '入库其余 2 个案卷' }).click()
  await page.locator('.job .badge').getByText('已完成').waitFor({ timeout: 120_000 })
  const failed = page.locator('.failures li')
  assert.equal(await failed.count(), 1)
  assert.match(await failed.textContent(), new RegExp(`${BROKEN}/1\\.pdf.*\\S`))
  await page.locator('.made').getByRole('link', { name: CODE }).waitFor()
  assert.deepEqual(await findings(page), [])

  // Another try ends as the first did: the file is broken. A reload in between shows the same.
  await page.getByRole('button', { name: '重试失败的文件' }).click()
  const id = new URL(page.url()).pathname.split('/').pop()
  const tried = async () => (await site.server.api(`uploads/${id}`)).job
  await until(async () => (await tried()).attempts === 2 && (await tried()).state === 'done', 'the second try')
  await failed.waitFor()
  await page.reload()
  await failed.waitFor()
  await page.locator('.made').getByRole('link', { name: CODE }).click()
  await page.waitForURL(/\/cases\//)
  await page.getByText(TITLE).first().waitFor()

  await until(async () => (await site.server.api(`search?q=${encodeURIComponent(`档号:"${CODE}"`)}`)).total === 1, 'the index')
  await page.goto('/')
  await page.getByRole('combobox', { name: '检索案卷' }).fill(`档号:${CODE}`)
  await page.keyboard.press('Enter')
  await page.locator('.title-link').getByText(TITLE).waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('loose scans need an archival code, and dropping works as choosing does', async () => {
  const opened = await openPage(site, WIDE)
  const { page } = opened
  await page.goto('/uploads')
  await page.locator('.drop').waitFor()
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['%PDF-1.4 x'], '1.pdf', { type: 'application/pdf' }))
    return transfer
  })
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data })
  await page.getByText('已选 1 个文件').waitFor()
  await page.getByRole('button', { name: '开始上传' }).click()
  await page.getByRole('alert').getByText('请填写档号').waitFor()
  await page.getByLabel('档号', { exact: true }).fill('0123-XK·2021-D30-SCJG-7009')
  await page.getByRole('button', { name: '开始上传' }).click()
  await page.getByText('1 个文件').first().click()
  await page.getByText('0123-XK·2021-D30-SCJG-7009/1.pdf').waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('who may not upload sees nothing of it', async () => {
  const reader = await site.server.account('reader', '--role', 'staff', '--all-agencies', '--all-regions', '--clearance', 'internal', '--purpose', '测试')
  const opened = await openPage(site, WIDE, reader)
  const { page } = opened
  await page.goto('/')
  await page.locator('.examples').waitFor()
  assert.equal(await page.getByRole('link', { name: '上传', exact: true }).count(), 0)
  await page.goto('/uploads')
  await page.waitForURL(/\/account/)
  assertFaultless(opened)
  await opened.close()
})
