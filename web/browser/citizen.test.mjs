// A citizen's way: a code from the counter, the own history, papers, a copy, who looked; and what must not be possible.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assertFaultless, NARROW, openPage } from './browser.mjs'
import { applicant, applicantSession, earlierCases } from './people.mjs'
import { truths } from './server.mjs'
import { useSite } from './site.mjs'

const site = useSite(undefined, { lines: earlierCases() })
const { name, number, scanned } = applicant()

async function signIn(page, code) {
  await page.getByLabel('姓名').fill(name)
  await page.getByLabel('证件号码').fill(number)
  await page.getByLabel('查询码').fill(code)
  await page.getByRole('button', { name: '登录' }).click()
}

/** Another letter in place of the last, which is the check letter: the server need not be asked. */
const misspelt = (code) => code.slice(0, -1) + (code.endsWith('2') ? '3' : '2')

/** A code whose letters fit and that nobody has. */
function anotherCode() {
  const letters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
  const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
  const sum = values.reduce((total, value, at) => total + value * (at + 1), 0)
  values.push([...letters].findIndex((_, value) => (sum + value * 12) % 31 === 0))
  return values.map((value) => letters[value]).join('')
}

async function caseId(archivalCode) {
  const { hits } = await site.server.api(`search?q=${encodeURIComponent(`档号:"${archivalCode}"`)}`)
  return hits.find((hit) => hit.archival_code === archivalCode).case_id
}

test('a code is issued at the counter, and the slip is printed', async () => {
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/codes')
  await page.getByLabel('姓名').fill(name)
  await page.getByLabel('证件号码').fill(`${number.slice(0, -1)}${number.endsWith('1') ? '2' : '1'}`)
  await page.getByRole('button', { name: '签发' }).click()
  await page.getByRole('alert').filter({ hasText: '18 位' }).waitFor()
  await page.getByLabel('证件号码').fill(number)
  await page.getByRole('button', { name: '签发' }).click()
  await page.getByRole('alert').filter({ hasText: '核对证件' }).waitFor()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: '签发' }).click()
  const slip = page.locator('.slip')
  await slip.waitFor()
  const code = (await slip.locator('.code').textContent()).trim()
  assert.match(code, /^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/)
  const text = await slip.textContent()
  assert.ok(text.includes(name) && text.includes('示例档案馆') && text.includes(`${site.server.origin}/citizen`))
  assert.ok(!text.includes(number), 'the number is masked')
  await page.emulateMedia({ media: 'print' })
  assert.ok(await slip.isVisible())
  assert.ok(!(await page.locator('.rows').isVisible()), 'the list is not printed')
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('button', { name: '完成' }).click()
  assert.equal(await page.getByLabel('证件号码').inputValue(), '')
  assert.ok(!(await page.content()).includes(code), 'nothing of it is left on the page')

  const citizen = await openPage(site, NARROW, null)
  await citizen.page.goto('/citizen')
  await signIn(citizen.page, code)
  await citizen.page.locator('.own').first().waitFor()
  await citizen.close()
  await page.reload()
  await page.locator('.rows tbody tr').first().getByRole('button', { name: '作废' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click()
  await page.locator('.rows tbody tr').first().getByText('已作废').waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('the own history over the years, its papers, and who looked', async () => {
  const { server } = site
  const code = await server.issueCode(name, number)
  const opened = await openPage(site, NARROW, null)
  const { page } = opened
  await page.goto('/login')
  await page.getByRole('link', { name: '个人和单位查询本人档案' }).click()
  await signIn(page, misspelt(code))
  await page.getByRole('alert').filter({ hasText: '查询码不对' }).waitFor()
  await signIn(page, anotherCode())
  await page.getByRole('alert').filter({ hasNotText: '查询码不对：' }).waitFor()
  assert.equal(await page.getByLabel('姓名').inputValue(), name, 'what was typed stays')
  assert.equal(await page.getByLabel('证件号码').inputValue(), number)
  await page.getByLabel('查询码').fill(code.toLowerCase().replaceAll('-', ' '))
  await page.getByRole('button', { name: '登录' }).click()
  await page.locator('.own').first().waitFor()

  const years = (await page.locator('.year > h2').allTextContents()).map((text) => Number(/\d{4}/.exec(text)[0]))
  assert.deepEqual(years, [...years].sort((a, b) => b - a), 'the newest first')
  for (const year of [2012, 2017, 2019]) assert.ok(years.includes(year), String(year))
  assert.ok(!years.includes(2024), 'a case whose number is not certain is not shown')
  const text = await page.locator('.history').textContent()
  assert.ok(text.includes('不予许可') && text.includes('准予延续'))
  assert.ok(!text.includes(number), 'the number is masked')

  // A case with scans: the page as an image.
  const id = await caseId(scanned)
  await server.api(`cases/${id}`)
  await page.goto(`/citizen/cases/${id}`)
  await page.getByRole('button', { name: /^查看 / }).first().click()
  const image = page.locator('.frame img')
  await image.waitFor()
  assert.ok(await image.evaluate((element) => element.decode().then(() => element.naturalWidth > 100)))
  const before = await image.evaluate((element) => element.getBoundingClientRect().width)
  await page.getByRole('button', { name: '放大' }).click()
  await page.waitForFunction((width) => document.querySelector('.frame img').getBoundingClientRect().width > width * 1.4, before)
  await page.getByRole('button', { name: '看文字' }).click()
  await page.locator('.own-page .text p').nth(1).waitFor()

  // One whose text was imported: no image, others hidden, internal papers not there.
  await page.goto(`/citizen/cases/${await caseId('0123-XK·2012-D30-SCJG-0101')}`)
  await page.locator('.document').first().waitFor()
  const papers = await page.locator('.document h3').allTextContents()
  assert.deepEqual(papers, ['食品经营许可申请书', '行政许可决定书'])
  await page.locator('.stages').getByText('您于2012年3月1日提交了申请').waitFor()
  await page.getByRole('button', { name: /^查看 食品/ }).click()
  await page.getByText('这一页没有图像').waitFor()
  await page.getByRole('button', { name: '下一页' }).click()
  await page.getByText('第 2 页，共 2 页').waitFor()
  await page.locator('.own-page .text').getByText('联系').first().waitFor()
  assert.ok(!(await page.content()).includes('钱多多'), 'others are hidden')

  await page.goto('/citizen/accesses')
  await page.locator('.list li').first().waitFor()
  const looked = await page.locator('.list').textContent()
  assert.ok(looked.includes('工作人员') && looked.includes('查看案卷') && looked.includes('测试'))
  assert.ok(!looked.includes('测试员') && !looked.includes('tester'), 'the office, not the officer')
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByLabel('查询码').waitFor()
  await page.goBack()
  await page.getByLabel('查询码').waitFor()
  assert.ok(!(await page.content()).includes('工作人员看'))
  assertFaultless(opened, 401)
  await opened.close()
})

test('a certified copy is downloaded, verified by its code, and its file compared', async () => {
  const opened = await openPage(site, NARROW, await applicantSession(site.server))
  const { page } = opened
  await page.goto(`/citizen/cases/${await caseId(scanned)}`)
  const button = page.getByRole('button', { name: '下载带核验码的副本' })
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), button.click()])
  const file = readFileSync(await download.path())
  assert.equal(file.subarray(0, 5).toString(), '%PDF-')
  const code = /copy-([^.]+)\.pdf/.exec(download.suggestedFilename())[1]
  await page.getByText(code).waitFor()
  await page.getByRole('link', { name: '打开核验页面' }).click()
  await page.waitForURL(/\/verify\/[2-9A-Z]{12}$/)
  await page.getByRole('heading', { name: '本馆发出过这份副本' }).waitFor()
  assertFaultless(opened)
  await opened.close()

  // Somebody else, who was given the copy and follows its QR code.
  const other = await openPage(site, NARROW, null)
  await other.page.goto(`/verify/${code}`)
  await other.page.getByRole('heading', { name: '本馆发出过这份副本' }).waitFor()
  assert.ok(!(await other.page.content()).includes(name), 'it does not say whose it is')
  const input = other.page.locator('input[type=file]')
  const chosen = (buffer) => input.setInputFiles({ name: '副本.pdf', mimeType: 'application/pdf', buffer })
  await chosen(file)
  await other.page.getByText('文件与发出时完全一致').waitFor()
  const changed = Buffer.from(file)
  changed[changed.length - 10] ^= 1
  await chosen(changed)
  await other.page.getByText('文件与发出时不一致').waitFor()
  await other.page.getByLabel('核验码').fill(misspelt(code))
  await other.page.getByRole('button', { name: '核验' }).click()
  await other.page.getByRole('alert').filter({ hasText: '核验码不对' }).waitFor()
  await other.page.getByLabel('核验码').fill(anotherCode())
  await other.page.getByRole('button', { name: '核验' }).click()
  await other.page.getByRole('heading', { name: '没有发出过带这个核验码的副本' }).waitFor()
  assertFaultless(other)
  await other.close()
})

test('where the browser cannot compute a hash, the page says how to compare by hand', async () => {
  const session = await applicantSession(site.server)
  const copy = await fetch(`${site.server.origin}/api/v1/citizen/cases/${await caseId(scanned)}/certified-copy`, { headers: { cookie: session } })
  await copy.arrayBuffer()
  const code = /copy-([^.]+)\.pdf/.exec(copy.headers.get('content-disposition'))[1]
  const opened = await openPage(site, NARROW, null)
  await opened.context.addInitScript(() => Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined }))
  await opened.page.goto(`/verify/${code}`)
  await opened.page.getByText('sha256sum').waitFor()
  assert.equal(await opened.page.locator('input[type=file]').count(), 0)
  const { sha256 } = await site.server.api(`verify/${code}`)
  assert.equal((await opened.page.locator('.hash').textContent()).replaceAll(' ', ''), sha256)
  assertFaultless(opened)
  await opened.close()
})

test("another's case is not there, whatever stands in the address", async () => {
  const opened = await openPage(site, NARROW, await applicantSession(site.server))
  const { page } = opened
  const other = await caseId(truths().find((truth) => truth.archival_code !== scanned).archival_code)
  const unsure = await caseId('0123-XK·2024-D30-SCJG-0104')
  for (const id of [other, unsure, '0123456789abcdef0123']) {
    await page.goto(`/citizen/cases/${id}`)
    await page.getByRole('alert').waitFor()
    assert.equal(await page.locator('.own-case h1').count(), 0)
    for (const path of ['', '/documents/1/pages/1', '/documents/1/pages/1/image', '/certified-copy']) {
      assert.equal((await page.request.get(`/api/v1/citizen/cases/${id}${path}`)).status(), 404, path)
    }
    await page.goto(`/citizen/accesses?case=${id}`)
    await page.getByRole('alert').waitFor()
    // A session of a citizen is none of staff.
    assert.equal((await page.request.get(`/api/v1/cases/${id}`)).status(), 401)
  }
  assertFaultless(opened, 404)
  await opened.close()
})

test('a session that ends hides the page, and gives it back to who logs in again', async () => {
  const opened = await openPage(site, NARROW, await applicantSession(site.server))
  const { page, context } = opened
  const id = await caseId('0123-XK·2017-D30-SCJG-0102')
  await page.clock.install()
  await page.goto(`/citizen/cases/${id}`)
  await page.getByRole('button', { name: /^查看 食品/ }).click()
  await page.locator('.own-page .text').waitFor()
  await context.clearCookies()
  await page.getByRole('button', { name: '下一页' }).click()
  await page.getByRole('heading', { name: '登录已到期' }).waitFor()
  assert.ok(!(await page.locator('.own-case').isVisible()))
  await signIn(page, await site.server.issueCode(name, number))
  await page.getByText('第 2 页，共 2 页').waitFor()
  assert.ok(await page.locator('.own-case').isVisible())

  // Nobody did anything for a quarter of an hour.
  await page.clock.runFor(16 * 60 * 1000)
  await page.getByRole('heading', { name: '登录已到期' }).waitFor()
  assert.ok(!(await page.locator('.own-case').isVisible()))
  await page.waitForLoadState('networkidle')
  assert.equal((await page.request.get('/api/v1/citizen/session')).status(), 401, 'the server has ended it, too')
  assertFaultless(opened, 401)
  await opened.close()
})
