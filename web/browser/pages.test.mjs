// What holds on every page: nothing serious found by axe, no violation of the policy, no error, room on a telephone.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findings } from './axe.mjs'
import { assertFaultless, NARROW, openPage, WIDE } from './browser.mjs'
import { administrators, applicantSession, auditor } from './people.mjs'
import { useSite } from './site.mjs'

const known = {}
const site = useSite(async ({ server }) => {
  known.case = (await server.api('search?size=1')).hits[0].case_id
  known.clerk = server.cookie
  Object.assign(known, await administrators(server))
  known.auditor = await auditor(server)
  known.citizen = await applicantSession(server)
  known.own = (await server.api('citizen/cases', known.citizen)).cases[0].case_id
})

/** Who sees which pages, and by what one knows that they are there. */
const pages = () => [
  [
    'clerk',
    ['/', '.examples'],
    [`/search?q=${encodeURIComponent('许可')}&year=2000..2030`, '.title-link'],
    [`/search?q=${encodeURIComponent('"天外飞仙公司"')}`, '.zero'],
    [`/cases/${known.case}?q=${encodeURIComponent('许可')}`, '.paper img'],
    ['/reviews', '.acts'],
    ['/codes', '.counter .fields'],
    ['/uploads', '.drop'],
    ['/help', '.help'],
    ['/account', '.account'],
    ['/login', '.login'],
    ['/nowhere', 'h1'],
  ],
  ['system_admin', ['/accounts', '.accounts .rows'], ['/dictionaries', '.entries'], ['/system', '.counts'], ['/account', '.account']],
  ['auditor', ['/statistics', 'tbody a'], ['/statistics?by=office,year', 'tbody a'], ['/findings', '.rules'], ['/report', '.buttons']],
  ['security_admin', ['/grants', '.grants .rows']],
  ['log_admin', ['/audit', '.audit .rows']],
  [
    'citizen',
    ['/citizen', '.own'],
    [`/citizen/cases/${known.own}`, '.document'],
    ['/citizen/accesses', '.accesses'],
    ['/citizen/help', '.help'],
    ['/citizen/nowhere', 'h1'],
  ],
  [undefined, ['/citizen', '.sign-in'], ['/verify', '.verify'], ['/verify/XXXX', '.fault']],
]

const dressed = [
  ['wide', WIDE, 'zh'],
  ['narrow', NARROW, 'zh'],
  ['dark', { ...WIDE, colorScheme: 'dark', reducedMotion: 'reduce' }, 'zh'],
  ['English', WIDE, 'en'],
]
for (const [name, options, language] of dressed) {
  test(`every page is accessible and keeps to the policy: ${name}`, async () => {
    for (const [who, ...theirs] of pages()) {
      const opened = await openPage(site, options, known[who] ?? null)
      const { page, context } = opened
      await context.addInitScript((chosen) => localStorage.setItem('juanzong.language', JSON.stringify(chosen)), language)
      for (const [path, sign] of theirs) {
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
      // Whoever has not logged in is told so by the server, which the browser notes.
      assertFaultless(opened, ...(who ? [] : [401]))
      await opened.close()
    }
  })
}

test('dialogs and drawers are accessible, and give the focus back', async () => {
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${known.case}`)
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
  const phone = await openPage(site, NARROW)
  await phone.page.goto('/search')
  await phone.page.getByRole('button', { name: '筛选' }).click()
  await phone.page.getByRole('dialog').getByText('决定结果').waitFor()
  await phone.page.waitForTimeout(400)
  assert.deepEqual(await findings(phone.page), [])
  assertFaultless(phone)
  await phone.close()
})

test('the server sends both entries with the policy, and nothing inline', async () => {
  const scripts = []
  for (const path of ['/search', '/citizen', '/verify/XXXX']) {
    const answer = await fetch(`${site.server.origin}${path}`, { headers: { accept: 'text/html' } })
    const policy = answer.headers.get('content-security-policy')
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /unsafe/)
    const html = await answer.text()
    assert.doesNotMatch(html, /<script(?![^>]*src=)|style=/)
    const script = /src="([^"]+)"/.exec(html)[1]
    assert.match((await fetch(`${site.server.origin}${script}`)).headers.get('cache-control'), /immutable/)
    scripts.push(script)
  }
  assert.equal(scripts[1], scripts[2])
  assert.notEqual(scripts[0], scripts[1], 'citizens load nothing of what staff work with')
  assert.equal((await fetch(`${site.server.origin}/`)).headers.get('content-type'), 'application/json')
})
