// What the three administrators do in the page, each their own.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFaultless, openPage, WIDE } from './browser.mjs'
import { administrators } from './people.mjs'
import { logIn, truths } from './server.mjs'
import { useSite } from './site.mjs'

const sessions = {}
const site = useSite(async ({ server }) => Object.assign(sessions, await administrators(server)))

const nav = (page) => page.locator('.app-header nav a').allTextContents()
const row = (page, account) => page.locator(`tr[data-account="${account}"]`)
const confirm = (page) => page.getByRole('dialog').getByRole('button', { name: '确定' }).click()

test('each administrator begins with the own work, and reaches no other', async () => {
  const table = [
    ['system_admin', '/accounts', ['账户', '词典', '运行', '帮助']],
    ['security_admin', '/grants', ['授权', '帮助']],
    ['log_admin', '/audit', ['审计日志', '帮助']],
  ]
  for (const [role, start, links] of table) {
    const opened = await openPage(site, WIDE, sessions[role])
    const { page } = opened
    await page.goto('/')
    await page.waitForURL(`**${start}`)
    assert.deepEqual((await nav(page)).map((text) => text.trim()), links)
    for (const path of ['/accounts', '/grants', '/audit', '/system', '/dictionaries', '/codes', '/search', '/reviews']) {
      if (path === start || (role === 'system_admin' && ['/system', '/dictionaries'].includes(path))) continue
      await page.goto(path)
      await page.waitForURL('**/account')
    }
    assertFaultless(opened)
    await opened.close()
  }
})

test('an account is made, granted a part of the cases, used, and disabled', async () => {
  const { server } = site
  const system = await openPage(site, WIDE, sessions.system_admin)
  await system.page.goto('/accounts')
  await system.page.getByRole('textbox', { name: '账户名', exact: true }).fill('newcomer')
  await system.page.getByRole('textbox', { name: '使用人', exact: true }).fill('钱新来')
  await system.page.getByRole('button', { name: '新建账户' }).click()
  const once = (await system.page.locator('.once code').textContent()).trim()
  await row(system.page, 'newcomer').getByText('尚未授权').waitFor()

  const security = await openPage(site, WIDE, sessions.security_admin)
  const { agency } = truths()[0].fields
  await security.page.goto('/grants')
  await row(security.page, 'newcomer').getByRole('button', { name: '修改授权' }).click()
  const dialog = security.page.getByRole('dialog')
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.getByRole('alert').filter({ hasText: '机关' }).waitFor()
  await dialog.getByRole('textbox', { name: '可查机关' }).fill(agency)
  await dialog.getByLabel('全部区划').check()
  await dialog.getByLabel('用途').fill('窗口查档')
  await dialog.getByRole('button', { name: '保存' }).click()
  await row(security.page, 'newcomer').getByText(agency).waitFor()
  // Nobody grants oneself.
  assert.equal(await row(security.page, 'secop').getByRole('button').count(), 0)

  const newcomer = await openPage(site, WIDE, null)
  await newcomer.page.goto('/login')
  await newcomer.page.getByLabel('账户').fill('newcomer')
  await newcomer.page.getByLabel('口令').fill(once)
  await newcomer.page.getByRole('button', { name: '登录' }).click()
  await newcomer.page.getByLabel('现用口令').fill(once)
  await newcomer.page.getByLabel('新口令', { exact: true }).fill('Another-Sample-2026')
  await newcomer.page.getByLabel('再输一遍新口令').fill('Another-Sample-2026')
  await newcomer.page.getByRole('button', { name: '保存' }).click()
  await newcomer.page.locator('.examples').waitFor()
  await newcomer.page.goto('/search')
  const { total } = await server.api(`search?agency=${encodeURIComponent(agency)}`)
  await newcomer.page.getByText(`共 ${total} 件案卷`).waitFor()
  assert.ok(total < (await server.api('search')).total)

  await system.page.reload()
  await row(system.page, 'newcomer').getByRole('button', { name: '停用' }).click()
  await confirm(system.page)
  await row(system.page, 'newcomer').getByText('已停用').waitFor()
  await assert.rejects(logIn(server.origin, 'newcomer', 'Another-Sample-2026'), /401/)
  // The last one who can grant stays.
  await row(security.page, 'newcomer').getByRole('button', { name: '收回授权' }).click()
  await confirm(security.page)
  await row(security.page, 'newcomer').getByText('尚未授权').waitFor()
  for (const one of [system, security, newcomer]) {
    assertFaultless(one, 401)
    await one.close()
  }
})

test('a token of a program is made by its account, and revoked by the system administrator', async () => {
  const { server } = site
  const mine = await openPage(site, WIDE)
  await mine.page.goto('/account')
  await mine.page.locator('summary').filter({ hasText: '新建令牌' }).click()
  await mine.page.getByLabel('用途').fill('月报')
  await mine.page.getByLabel('检索', { exact: true }).check()
  await mine.page.getByRole('button', { name: '新建令牌' }).click()
  const token = (await mine.page.locator('.once code').textContent()).trim()
  const asked = () => fetch(`${server.origin}/api/v1/search`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await asked()).status, 200)
  const opened = await openPage(site, WIDE, sessions.system_admin)
  const { page } = opened
  await page.goto('/accounts')
  assert.equal(await page.locator('summary').filter({ hasText: '新建令牌' }).count(), 0)
  const line = page.locator('.tokens tbody tr').filter({ hasText: '月报' })
  await line.getByRole('button', { name: '作废' }).click()
  await confirm(page)
  await line.getByText('已作废').waitFor()
  assert.equal((await asked()).status, 401)
  for (const one of [mine, opened]) {
    assertFaultless(one)
    await one.close()
  }
})

test('dictionaries are looked into, added to and checked', async () => {
  const opened = await openPage(site, WIDE, sessions.system_admin)
  const { page } = opened
  await page.goto('/dictionaries')
  await page.getByRole('searchbox', { name: '含有' }).fill('国土资源局')
  await page.getByRole('button', { name: '查找' }).click()
  await page.locator('.entries').getByText('划入自然资源局').first().waitFor()
  await page.getByRole('tab', { name: '同义词' }).click()
  await page.locator('summary').filter({ hasText: '添加词条' }).click()
  await page.getByLabel('词语').fill('灶房')
  await page.getByLabel('同义词 每行一个').fill('甲|乙')
  await page.getByRole('button', { name: '添加词条' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('同义词 每行一个').fill('伙房\n后厨房')
  await page.getByRole('button', { name: '添加词条' }).click()
  await page.getByText('已写入 synonyms.tsv').waitFor()
  await page.getByRole('searchbox', { name: '含有' }).fill('后厨房')
  await page.getByRole('button', { name: '查找' }).click()
  await page.locator('.entries').getByText('灶房').waitFor()
  await page.getByRole('button', { name: '检查词典' }).click()
  await page.getByText('词典无误').waitFor()
  assertFaultless(opened, 422)
  await opened.close()
})

test('the system page tells what the API tells', async () => {
  const opened = await openPage(site, WIDE, sessions.system_admin)
  const { page } = opened
  await page.goto('/system')
  const { counts, generations } = await site.server.api('status', sessions.system_admin)
  const told = page.locator('.counts > div')
  await told.first().waitFor()
  const number = (text) => Number(text.replace(/\D/g, ''))
  assert.equal(number(await told.filter({ hasText: /^案卷/ }).locator('dd').textContent()), counts.cases)
  assert.equal(number(await told.filter({ hasText: /^页面/ }).locator('dd').textContent()), counts.pages)
  await page.getByText(generations.find((one) => one.current).name).waitFor()
  await page.getByRole('button', { name: '显示监测数据' }).click()
  await page.locator('pre').getByText('# TYPE').first().waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('the log is filtered, read on and verified', async () => {
  const { server } = site
  const opened = await openPage(site, WIDE, sessions.log_admin)
  const { page } = opened
  const words = '独一无二的检索词'
  await server.api(`search?q=${encodeURIComponent(words)}`)
  for (let n = 0; n < 60; n += 1) await server.api('suggest?q=a')
  await page.goto('/audit')
  const entries = page.locator('tbody > tr')
  await entries.first().waitFor()
  const before = await entries.count()
  await page.getByRole('button', { name: '显示更多' }).click()
  await page.waitForFunction((count) => document.querySelectorAll('tbody > tr').length > count, before)
  await page.getByLabel('操作', { exact: true }).selectOption('search')
  await page.locator('tbody').getByText(words).first().waitFor()
  await page.waitForFunction(() => [...document.querySelectorAll('tbody > tr td:nth-child(3)')].every((cell) => cell.textContent === '检索'))
  await page.getByLabel('操作人').fill('tester')
  await page.getByRole('button', { name: '查找' }).click()
  await page.locator('tbody').getByText(words).first().waitFor()
  await page.locator('summary').filter({ hasText: words }).first().click()
  await page.locator('dd').filter({ hasText: words }).first().waitFor()
  await page.getByRole('button', { name: '核验全部日志' }).click()
  await page.getByText('日志完整').waitFor()
  assertFaultless(opened)
  await opened.close()
})
