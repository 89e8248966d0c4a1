// Who is not logged in sees nothing, and comes to where they wanted to go.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFaultless, openPage, WIDE } from './browser.mjs'
import { CLERK } from './server.mjs'
import { useSite } from './site.mjs'

const site = useSite()

async function logIn(page, password) {
  await page.getByLabel('口令').fill(password)
  await page.getByRole('button', { name: '登录' }).click()
}

test('whoever logs in goes on to where they wanted to go, and leaves nothing behind', async () => {
  const opened = await openPage(site, WIDE, null)
  const { page } = opened
  await page.goto(`/search?q=${encodeURIComponent('许可')}`)
  await page.waitForURL(/\/login\?next=/)
  await page.getByLabel('账户').fill(CLERK.name)
  await logIn(page, 'wrong-Password-1')
  await page.getByRole('alert').waitFor()
  await logIn(page, CLERK.password)
  await page.waitForURL(/\/search\?q=/)
  await page.locator('.title-link').first().waitFor()
  await page.getByRole('link', { name: CLERK.person }).waitFor()
  await page.getByRole('button', { name: '退出' }).click()
  await page.waitForURL(/\/login$/)
  assert.equal(await page.evaluate(() => localStorage.getItem('juanzong.recent')), null)
  await page.goto('/reviews')
  await page.waitForURL(/\/login\?next=/)
  assertFaultless(opened, 401)
  await opened.close()
})

test('when a session ends, one logs in on the page one is on', async () => {
  const opened = await openPage(site, WIDE, null)
  const { page, context } = opened
  await page.goto('/login')
  await page.getByLabel('账户').fill(CLERK.name)
  await logIn(page, CLERK.password)
  await page.locator('.examples').waitFor()
  await context.clearCookies()
  const words = page.getByRole('combobox', { name: '检索案卷' })
  await words.fill('许可证')
  await words.press('Enter')
  const dialog = page.getByRole('dialog', { name: '登录已到期' })
  await dialog.waitFor()
  assert.equal(await words.inputValue(), '许可证')
  assert.equal(await dialog.getByLabel('账户').inputValue(), CLERK.name)
  await dialog.getByLabel('口令').fill(CLERK.password)
  await dialog.getByRole('button', { name: '登录' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: '重试' }).click()
  await page.locator('.title-link').first().waitFor()
  assertFaultless(opened, 401)
  await opened.close()
})
