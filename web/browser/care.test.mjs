// The small things: the tour of the first visit, help for each group, labels in English, who looked at a case, printing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findings } from './axe.mjs'
import { assertFaultless, NARROW, openPage, WIDE } from './browser.mjs'
import { useSite } from './site.mjs'

const site = useSite()

/** As one who is here for the first time. */
async function openFirst(options) {
  const opened = await openPage(site, options)
  await opened.context.addInitScript(() => {
    if (!sessionStorage.getItem('seen')) localStorage.removeItem('juanzong.tour')
    sessionStorage.setItem('seen', 'yes')
  })
  return opened
}

for (const [name, options] of [['wide', WIDE], ['narrow', NARROW]]) {
  test(`the tour of the first visit goes through four steps, once: ${name}`, async () => {
    const opened = await openFirst(options)
    const { page } = opened
    await page.goto('/')
    const tour = page.locator('.tour')
    await tour.getByText('第 1 步，共 4 步').waitFor()
    assert.ok(await page.evaluate(() => document.activeElement.getAttribute('role') === 'combobox'), 'one can type at once')
    assert.deepEqual(await findings(page), [])
    const pointed = new Set()
    for (let n = 2; n <= 4; n += 1) {
      pointed.add(await page.locator('.tour-target').evaluate((element) => element.className || element.tagName))
      await tour.getByRole('button', { name: '下一步' }).click()
      await tour.getByText(`第 ${n} 步，共 4 步`).waitFor()
      assert.ok(await tour.locator('h2').evaluate((heading) => heading === document.activeElement), 'a screen reader goes along')
    }
    assert.ok(pointed.size >= 3, 'each step points at something else')
    await tour.getByRole('button', { name: '开始使用' }).click()
    await tour.waitFor({ state: 'detached' })
    assert.equal(await page.locator('.tour-target').count(), 0)
    await page.reload()
    await page.locator('.examples').waitFor()
    assert.equal(await tour.count(), 0, 'it is remembered')
    await page.goto('/help')
    await page.getByText('再看一遍导览').click()
    await tour.waitFor()
    await page.keyboard.press('Escape')
    await tour.waitFor({ state: 'detached' })
    assertFaultless(opened)
    await opened.close()
  })
}

test('each group has a help of its own', async () => {
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/help')
  await page.getByRole('heading', { name: '怎样检索' }).waitFor()
  for (const [group, heading] of [['审计人员', '审计授权'], ['窗口', '怎样签发查询码'], ['管理员', '三员分立']]) {
    await page.getByRole('navigation', { name: '为谁写的帮助' }).getByRole('link', { name: group, exact: true }).click()
    await page.getByRole('heading', { name: heading, exact: true }).waitFor()
    assert.deepEqual(await findings(page), [], group)
  }
  await page.getByRole('link', { name: '申请人的帮助' }).click()
  await page.getByRole('heading', { name: '查询码怎么来' }).waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('filters are labelled in English when the page is', async () => {
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/search')
  const outcomes = page.locator('fieldset').filter({ has: page.locator('legend', { hasText: /^决定结果$|^Outcome$/ }) })
  await outcomes.getByText('准予', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await outcomes.getByText('Granted', { exact: true }).waitFor()
  const regions = page.locator('fieldset').filter({ has: page.locator('legend', { hasText: 'Region' }) })
  for (const label of await regions.locator('.label').allTextContents()) assert.doesNotMatch(label, /^\d+$/, 'regions have names')
  await outcomes.getByText('Granted', { exact: true }).click()
  await page.getByRole('button', { name: /Granted/ }).waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('who looked at a case is told there, and a page is printed alone', async () => {
  const { server } = site
  const { case_id: id } = (await server.api('search?size=1')).hits[0]
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${id}?q=${encodeURIComponent('许可')}`)
  await page.locator('.paper img').waitFor()
  await page.getByRole('tab', { name: '谁看过' }).click()
  const visit = page.locator('.accesses li').first()
  await visit.waitFor()
  const text = await visit.textContent()
  assert.ok(text.includes('工作人员') && text.includes('查看案卷') && text.includes('测试'), text)
  assert.ok(!text.includes('测试员'), 'the office, not the officer')
  assert.deepEqual(await findings(page), [])
  await page.evaluate(() => {
    window.print = () => (window.printed = true)
  })
  await page.getByRole('button', { name: '打印本页' }).click()
  assert.ok(await page.evaluate(() => window.printed))
  await page.emulateMedia({ media: 'print' })
  for (const hidden of ['.app-header', '.tools', '.accesses', '.stages']) assert.ok(!(await page.locator(hidden).first().isVisible()), hidden)
  assert.ok(await page.locator('.paper img').isVisible())
  const { image, paper, mark } = await page.evaluate(() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect().toJSON()
    return { image: box('.paper img'), paper: box('.paper'), mark: box('rect.mark') }
  })
  assert.ok(Math.abs(image.width - paper.width) < 2 && image.height > image.width, 'the whole page')
  assert.ok(mark.left > image.left && mark.right < image.right && mark.bottom < image.bottom, 'marks lie on it')
  const paged = (await page.pdf({ format: 'A4' })).toString('latin1')
  assert.match(paged, /\/Subtype \/Image/, 'paper is narrower than the screen')
  assert.match(paged, /\/Count 1\b/, 'on one sheet')
  assertFaultless(opened)
  await opened.close()
})
