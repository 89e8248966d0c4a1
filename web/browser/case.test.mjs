import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assertFaultless, openPage, parameters } from './browser.mjs'
import { truths, until } from './server.mjs'
import { useSite } from './site.mjs'

const site = useSite()

/** The case of the archive with an archival code. */
async function caseOf(truth) {
  const { hits } = await site.server.api(`search?q=${encodeURIComponent(`档号:"${truth.archival_code}"`)}`)
  const hit = hits.find((one) => one.archival_code === truth.archival_code)
  assert.ok(hit, truth.archival_code)
  return site.server.api(`cases/${hit.case_id}`)
}

/** The marks as they lie on the screen, in pixels of the upright page when it is `width` pixels wide. */
function marksOnPage(page, width) {
  return page.locator('.paper').evaluate((paper, width) => {
    const image = paper.querySelector('img').getBoundingClientRect()
    const scale = width / image.width
    return [...paper.querySelectorAll('rect.mark')].map((rect) => {
      const box = rect.getBoundingClientRect()
      return [box.left - image.left, box.top - image.top, box.right - image.left, box.bottom - image.top].map((value) => value * scale)
    })
  }, width)
}

test('each hit box lies over the printed words', async () => {
  const opened = await openPage(site)
  const { page } = opened
  let compared = 0
  for (const truth of truths().slice(0, 4)) {
    const found = await caseOf(truth)
    const words = truth.fields.matter
    for (const document of found.documents) {
      const printed = truth.documents.find((one) => one.file === document.source_name)
      for (let n = 0; printed && n < document.page_count; n += 1) {
        const place = { d: document.document, p: document.first_page + n }
        const text = await site.server.api(`cases/${found.case_id}/documents/${place.d}/pages/${place.p}?q=${encodeURIComponent(words)}`)
        const whole = text.marks.filter((mark) => Array.from(text.lines[mark.line].text).slice(mark.from, mark.to).join('') === words)
        if (whole.length === 0) continue
        await page.goto(`/cases/${found.case_id}?${new URLSearchParams({ q: words, ...place })}`)
        await page.locator('rect.mark').first().waitFor()
        await page.locator('.paper img').evaluate((image) => image.decode())
        const boxes = await marksOnPage(page, printed.pages[place.p - 1].width)
        assert.equal(boxes.length, text.marks.length)
        for (const mark of whole) {
          const [x0, y0, x1, y1] = boxes[text.marks.indexOf(mark)]
          const lines = printed.pages[place.p - 1].lines.filter((line) => line.text.includes(words))
          const over = lines.some(({ upright: [a, b, c, d], text: line }) => {
            // Where in the line the words are printed, by their share of its characters.
            const at = Array.from(line.slice(0, line.indexOf(words))).length
            const wide = (c - a) / Array.from(line).length
            const [left, right] = [a + at * wide, a + (at + Array.from(words).length) * wide]
            const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2]
            return x > left - wide && x < right + wide && y > b && y < d
          })
          assert.ok(over, `${truth.archival_code} ${document.source_name} page ${place.p}: ${[x0, y0, x1, y1].map(Math.round)}`)
          compared += 1
        }
      }
    }
  }
  assert.ok(compared >= 4, `only ${compared} boxes were compared`)
  assertFaultless(opened)
  await opened.close()
})

test('n and p go through the hits of all pages; turning and zooming keep the boxes', async () => {
  const truth = truths()[0]
  const found = await caseOf(truth)
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${found.case_id}?q=${encodeURIComponent('许可')}`)
  const status = page.locator('.bar .status')
  await status.filter({ hasText: '第 1 /' }).waitFor()
  const total = Number(/\/ (\d+)/.exec(await status.textContent())[1])
  assert.ok(total > 2)
  for (let n = 2; n <= total; n += 1) {
    await page.keyboard.press('n')
    await status.filter({ hasText: `第 ${n} / ${total}` }).waitFor()
  }
  assert.notEqual(parameters(page).get('d') + parameters(page).get('p'), '11')
  await page.keyboard.press('n')
  await status.filter({ hasText: `第 1 / ${total}` }).waitFor()
  await page.keyboard.press('p')
  await status.filter({ hasText: `第 ${total} / ${total}` }).waitFor()
  const before = await page.locator('.paper').evaluate((paper) => paper.getBoundingClientRect().width)
  await page.keyboard.press('+')
  await page.waitForFunction((width) => document.querySelector('.paper').getBoundingClientRect().width > width * 1.2, before)
  await page.keyboard.press('r')
  const inside = await page.locator('.paper').evaluate((paper) => {
    const outer = paper.getBoundingClientRect()
    return [...paper.querySelectorAll('rect.mark')].every((rect) => {
      const box = rect.getBoundingClientRect()
      return box.left >= outer.left - 1 && box.right <= outer.right + 1 && box.height > box.width * 0.9
    })
  })
  assert.ok(inside, 'after a quarter turn words stand upright on the page')
  assertFaultless(opened)
  await opened.close()
})

test('a field shows where it stands on the scan', async () => {
  const truth = truths()[0]
  const found = await caseOf(truth)
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${found.case_id}`)
  await page.locator('[data-field=document_number] button.value').click()
  await page.locator('rect.focus').waitFor()
  const shown = await page.locator('rect.focus').evaluate((rect) => ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name))))
  const place = { document: Number(parameters(page).get('d') ?? 1), page: Number(parameters(page).get('p') ?? 1) }
  const facts = found.facts.filter((fact) => fact.field === 'document_number' && fact.document === place.document && fact.page === place.page)
  assert.ok(facts.some(({ box }) => box && Math.abs(box[0] - 10 - shown[0]) < 1 && Math.abs(box[3] - box[1] + 20 - shown[3]) < 1))
  assertFaultless(opened)
  await opened.close()
})

test('a correction is made beside the scan, counts at once, is found, and can be taken back', async () => {
  const truth = truths()[1]
  const found = await caseOf(truth)
  const right = '独一无二的更正事项许可'
  site.server.watch()
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${found.case_id}`)
  const row = page.locator('[data-field=matter]')
  await row.getByRole('button', { name: '更正：审批事项' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('正确的内容').fill(right)
  await dialog.getByRole('button', { name: '保存' }).click()
  await row.getByText(right).waitFor()
  assert.ok(await row.getByText('更正', { exact: true }).count())
  const search = () => site.server.api(`search?q=${encodeURIComponent(`事项:${right}`)}`)
  await until(async () => (await search()).hits.some((hit) => hit.case_id === found.case_id && hit.match === 'exact'), 'the correction in the search')
  await page.goto(`/search?q=${encodeURIComponent(right)}`)
  await page.locator('.hit').filter({ hasText: right }).first().waitFor()
  await page.goto(`/cases/${found.case_id}`)
  await page.getByRole('tab', { name: '更正记录' }).click()
  page.once('dialog', (asked) => asked.accept())
  await page.getByRole('tabpanel').getByRole('button', { name: '撤销' }).click()
  await page.getByText('已由 测试员 撤销').waitFor()
  await page.getByRole('tab', { name: '著录项' }).click()
  await row.getByText(found.matter).waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('a line is corrected in place', async () => {
  const found = await caseOf(truths()[2])
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${found.case_id}`)
  await page.getByRole('tab', { name: '文字' }).click()
  const line = page.getByRole('tabpanel').locator('li').first()
  await line.hover()
  await line.getByRole('button', { name: '更正这一行' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('img', { name: '扫描件局部' }).waitFor()
  await dialog.getByLabel('这一行的文字').fill('更正后的第一行')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('tabpanel').locator('li').filter({ hasText: '更正后的第一行' }).getByText('已更正').waitFor()
  assertFaultless(opened)
  await opened.close()
})

test('personal data is shown for a reason, on text and scan, and masked again', async () => {
  const truth = truths().find(({ fields }) => /^\d{17}[\dX]$/.test(fields.applicant_id_number ?? ''))
  assert.ok(truth, 'no applicant with a number among the samples')
  const number = truth.fields.applicant_id_number
  const found = await caseOf(truth)
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${found.case_id}`)
  const field = page.locator('[data-field=applicant_id_number]')
  await field.getByText('*').first().waitFor()
  assert.equal(await page.getByText(number).count(), 0)
  await page.getByRole('button', { name: '显示完整个人信息' }).click()
  const dialog = page.getByRole('dialog')
  const show = dialog.getByRole('button', { name: '显示完整个人信息' })
  assert.ok(await show.isDisabled())
  await dialog.getByLabel('事由').fill('核对申请人')
  await show.click()
  await page.getByText('事由：核对申请人').waitFor()
  await field.getByText(number).waitFor()
  await page.locator('.paper img[src^="blob:"]').waitFor()
  await page.locator('.paper img').evaluate((image) => image.decode())
  await page.getByRole('button', { name: '恢复脱敏' }).click()
  await page.locator('.paper img[src^="/api/"]').waitFor()
  await field.getByText('*').first().waitFor()
  assert.equal(await page.getByText(number).count(), 0)
  assertFaultless(opened)
  await opened.close()
})

test('a case is downloaded as a searchable file', async () => {
  const found = await caseOf(truths()[0])
  const opened = await openPage(site)
  const { page } = opened
  await page.goto(`/cases/${found.case_id}`)
  await page.getByText('下载案卷').click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /PDF/ }).click()])
  assert.equal(download.suggestedFilename(), `${found.archival_code}.pdf`)
  assert.equal(readFileSync(await download.path()).subarray(0, 5).toString(), '%PDF-')
  assertFaultless(opened)
  await opened.close()
})
