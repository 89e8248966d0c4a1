// What holds on every page: nothing serious found by axe, no violation of the policy, no error, room on a telephone.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { assertFaultless, NARROW, openPage, startBrowser, WIDE } from './browser.mjs'
import { startServer } from './server.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let server, browser, caseId
before(async () => {
  server = await startServer()
  browser = await startBrowser()
  caseId = (await server.api('search?size=1')).hits[0].case_id
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const pages = () => [
  ['/', '.examples'],
  [`/search?q=${encodeURIComponent('许可')}&year=2000..2030`, '.title-link'],
  [`/search?q=${encodeURIComponent('"天外飞仙公司"')}`, '.zero'],
  [`/cases/${caseId}?q=${encodeURIComponent('许可')}`, '.paper img'],
  ['/reviews', '.acts'],
  ['/help', '.help'],
  ['/account', '.account'],
  ['/login', '.login'],
  ['/nowhere', 'h1'],
]

async function findings(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`)
}

const dressed = [
  ['wide', WIDE, 'zh'],
  ['narrow', NARROW, 'zh'],
  ['dark', { ...WIDE, colorScheme: 'dark', reducedMotion: 'reduce' }, 'zh'],
  ['English', WIDE, 'en'],
]
for (const [name, options, language] of dressed) {
  test(`every page is accessible and keeps to the policy: ${name}`, async () => {
    const opened = await openPage(browser, server, options)
    const { page, context } = opened
    await context.addInitScript((chosen) => localStorage.setItem('juanzong.language', JSON.stringify(chosen)), language)
    for (const [path, sign] of pages()) {
      await page.goto(path)
      await page.locator(sign).first().waitFor()
      await page.waitForLoadState('networkidle')
      assert.deepEqual(await findings(page), [], path)
      const { clientWidth, scrollWidth } = await page.evaluate(() => ({
        clientWidth: document.documentElement.clientWidth,
        scrollWidth: document.documentElement.scrollWidth,
      }))
      assert.ok(scrollWidth <= clientWidth, `${path} is ${scrollWidth} wide`)
      assert.equal(await page.evaluate(() => document.documentElement.lang), language === 'zh' ? 'zh-CN' : 'en')
    }
    assertFaultless(opened)
    await opened.close()
  })
}

test('dialogs and drawers are accessible, and give the focus back', async () => {
  const opened = await openPage(browser, server)
  const { page } = opened
  await page.goto(`/cases/${caseId}`)
  const edit = page.locator('[data-field=matter] .icon-button')
  await edit.click()
  await page.getByRole('dialog').getByLabel('正确的内容').waitFor()
  await page.waitForTimeout(400) // the dialog fades in; its colours are measured afterwards
  assert.deepEqual(await findings(page), [])
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.ok(await edit.evaluate((button) => button === document.activeElement))
  assertFaultless(opened)
  await opened.close()
  const phone = await openPage(browser, server, NARROW)
  await phone.page.goto('/search')
  await phone.page.getByRole('button', { name: '筛选' }).click()
  await phone.page.getByRole('dialog').getByText('决定结果').waitFor()
  await phone.page.waitForTimeout(400)
  assert.deepEqual(await findings(phone.page), [])
  assertFaultless(phone)
  await phone.close()
})

test('the server sends the application with its policy, and nothing inline', async () => {
  const answer = await fetch(`${server.origin}/search`, { headers: { accept: 'text/html' } })
  const policy = answer.headers.get('content-security-policy')
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe/)
  const html = await answer.text()
  assert.doesNotMatch(html, /<script(?![^>]*src=)|style=/)
  const script = /src="([^"]+)"/.exec(html)[1]
  assert.match((await fetch(`${server.origin}${script}`)).headers.get('cache-control'), /immutable/)
  assert.equal((await fetch(`${server.origin}/`)).headers.get('content-type'), 'application/json')
})
