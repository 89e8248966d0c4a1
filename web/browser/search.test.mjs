import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assertFaultless, openPage, parameters } from './browser.mjs'
import { truths } from './server.mjs'
import { useSite } from './site.mjs'

const site = useSite()

/** A company of the sample, and half its name. */
function company() {
  const one = truths().find(({ fields }) => fields.applicant_name.endsWith('公司'))
  const name = one.fields.applicant_name
  return { name, title: one.fields.title, half: name.slice(3, 3 + Math.floor(name.length / 2)) }
}
const counts = async (page, facet) =>
  Object.fromEntries(
    await page.locator('.side fieldset').filter({ has: page.locator('legend', { hasText: facet }) }).locator('label').evaluateAll((labels) =>
      labels.map((label) => [label.querySelector('.label').textContent, Number(label.querySelector('.count').textContent)]),
    ),
  )

test('a case is found by half a company name, with the keyboard alone', async () => {
  const { name, title, half } = company()
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/')
  await page.keyboard.type(half, { delay: 20 })
  await page.getByRole('option').filter({ hasText: name }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/search\?q=/)
  await page.locator('.title-link').first().waitFor()
  assert.equal(await page.locator('.title-link').first().textContent(), title)
  assert.ok((await page.locator('mark').count()) > 0)
  await page.evaluate(() => document.activeElement.blur())
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/cases\//)
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('facets are those of the API; several values are chosen; chips take them back', async () => {
  const opened = await openPage(site)
  const { page } = opened
  const all = await site.server.api('search?facets=all')
  await page.goto('/search')
  await page.getByText('决定结果').first().waitFor()
  for (const [facet, name] of [['outcome', '决定结果'], ['document_kind', '文种'], ['retention', '保管期限']]) {
    const shown = await counts(page, name)
    const expected = all.facets[facet].slice(0, 6).map(({ label, count }) => [label, count])
    assert.deepEqual(shown, Object.fromEntries(expected), name)
  }
  const [first, second] = all.facets.outcome
  await page.getByLabel(first.label).check()
  await page.waitForURL((url) => url.searchParams.getAll('outcome').length === 1)
  await page.getByLabel(second.label).check()
  await page.waitForURL((url) => url.searchParams.getAll('outcome').length === 2)
  const both = await site.server.api(`search?facets=all&outcome=${first.value}&outcome=${second.value}`)
  await page.getByText(`共 ${both.total} 件案卷`).waitFor()
  assert.deepEqual(await counts(page, '文种'), Object.fromEntries(both.facets.document_kind.slice(0, 6).map(({ label, count }) => [label, count])))
  await page.getByRole('button', { name: `去掉 决定结果 ${first.label}` }).click()
  await page.waitForURL((url) => url.searchParams.getAll('outcome').join() === second.value)
  assertFaultless(opened)
  await opened.close()
})

test('years are dragged over; back, forward and a shared address show the same', async () => {
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/search')
  const bars = page.locator('.plot .bar')
  await bars.first().waitFor()
  const n = await bars.count()
  const [from, to] = [await bars.nth(1).boundingBox(), await bars.nth(n - 2).boundingBox()]
  await page.mouse.move(from.x + from.width / 2, from.y + 40)
  await page.mouse.down()
  await page.mouse.move(to.x + to.width / 2, to.y + 40, { steps: 5 })
  await page.mouse.up()
  await page.waitForURL(/year=/)
  const year = parameters(page).get('year')
  assert.match(year, /^\d{4}\.\.\d{4}$/)
  const { total } = await site.server.api(`search?year=${year}`)
  await page.getByText(`共 ${total} 件案卷`).waitFor()
  await page.locator('select').filter({ hasText: '文号' }).selectOption('number')
  await page.waitForURL(/sort=number/)
  const shared = page.url()
  const titles = () => page.locator('.title-link').allTextContents()
  const expected = (await site.server.api(`search?year=${year}&sort=number`)).hits.map((hit) => hit.title)
  await page.locator('.stale').waitFor({ state: 'detached' })
  assert.deepEqual(await titles(), expected)
  await page.goBack()
  await page.waitForURL((url) => !url.searchParams.has('sort'))
  await page.goBack()
  await page.waitForURL((url) => !url.searchParams.has('year'))
  const everything = await site.server.api('search')
  await page.getByText(`共 ${everything.total} 件案卷`).waitFor()
  await page.goForward()
  await page.goForward()
  assert.equal(page.url(), shared)
  const colleague = await openPage(site)
  await colleague.page.goto(shared)
  await colleague.page.locator('.title-link').first().waitFor()
  assert.deepEqual(await colleague.page.locator('.title-link').allTextContents(), expected)
  assertFaultless(opened)
  assertFaultless(colleague)
  await colleague.close()
  await opened.close()
})

test('nothing found is said with a way out', async () => {
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/search?q=%22天外飞仙公司%22&outcome=refused')
  await page.getByRole('heading', { name: '没有找到案卷' }).waitFor()
  await page.getByRole('button', { name: '清除全部筛选' }).click()
  await page.waitForURL((url) => !url.searchParams.has('outcome'))
  await page.getByText('浏览全部案卷').click()
  await page.locator('.title-link').first().waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('without a network the page says so, keeps what is there and goes on when it is back', async () => {
  const opened = await openPage(site)
  const { page, context } = opened
  await page.goto('/search')
  await page.locator('.title-link').first().waitFor()
  await context.setOffline(true)
  await page.getByText('网络已断开').waitFor()
  await page.locator('select').filter({ hasText: '文号' }).selectOption('number')
  await page.getByText('连接不上服务器').waitFor()
  await context.setOffline(false)
  await page.locator('.title-link').first().waitFor()
  assert.equal(await page.getByText('网络已断开').count(), 0)
  // The browser itself notes the requests that failed; nothing else may go wrong.
  assert.deepEqual(opened.faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault)), [])
  await opened.close()
})

test('what is typed is searched once typing stops, and takes one step in the history', async () => {
  const { half } = company()
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/search')
  await page.locator('.title-link').first().waitFor()
  await page.evaluate(() => document.activeElement.blur())
  await page.keyboard.press('/')
  await page.keyboard.type(half.slice(0, 2))
  await page.waitForURL(/q=/)
  await page.keyboard.type(half.slice(2))
  await page.waitForURL((url) => url.searchParams.get('q') === half)
  const { total } = await site.server.api(`search?q=${encodeURIComponent(half)}`)
  await page.getByText(`共 ${total} 件案卷`).waitFor()
  await page.goBack()
  await page.waitForURL((url) => !url.searchParams.has('q'))
  assertFaultless(opened)
  await opened.close()
})

test('an address with a search is that search, and its results are exported as they are filtered', async () => {
  const { half } = company()
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/?q=${encodeURIComponent(half)}`)
  await page.waitForURL(/\/search\?q=/)
  await page.locator('.title-link').first().waitFor()
  const { total } = await site.server.api(`search?q=${encodeURIComponent(half)}`)
  await page.getByText('导出结果').click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /\.jsonl/ }).click()])
  assert.equal(readFileSync(await download.path(), 'utf8').trim().split('\n').length, total)
  assertFaultless(opened)
  await opened.close()
})
