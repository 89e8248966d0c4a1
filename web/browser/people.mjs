// The people of the tests beside the clerk: three administrators, and an applicant with approvals in several years.

import { truths } from './server.mjs'

/** An applicant of the scanned sample cases who is a person. Invented, as all of them. */
export function applicant() {
  const { fields, archival_code: code } = truths().find(({ fields }) => fields.applicant_kind === 'person')
  return { name: fields.applicant_name, number: fields.applicant_id_number, scanned: code }
}

/** Cases of the same applicant in other years, whose text exists already and that have no images; and one whose number is not certain. */
export function earlierCases() {
  const { name, number } = applicant()
  const one = (year, serial, outcome, more = {}) => ({
    archival_code: `0123-XK·${year}-D30-SCJG-${serial}`,
    title: `${name}食品经营许可`,
    agency: '营山县市场监督管理局',
    region: '511322',
    matter: '食品经营许可',
    document_number: `营食许〔${year}〕${serial}号`,
    outcome,
    retention: 'D30',
    security_class: '公开',
    applied_on: `${year}-03-01`,
    accepted_on: `${year}-03-04`,
    decided_on: `${year}-03-20`,
    applicant: { name, kind: 'person', id_number: number },
    documents: [
      { title: '食品经营许可申请书', kind: 'application', pages: [`申请人：${name}\n申请事项：食品经营许可`, '联系人：钱多多\n联系电话：13800001234'] },
      { title: '内部审查意见', kind: 'review', pages: ['审查意见：拟同意'] },
      { title: '行政许可决定书', kind: 'decision', pages: [`${name}：\n经审查，决定如下。`] },
    ],
    ...more,
  })
  return [
    one(2012, '0101', 'granted', { valid_until: '2017-03-19' }),
    one(2017, '0102', 'renewed', { valid_until: '2022-03-19' }),
    one(2019, '0103', 'refused', { matter: '户外广告设置许可' }),
    one(2024, '0104', 'granted', { applicant: { name: '钱多多', kind: 'person' } }),
  ]
}

/** Cases of one series of 2017 whose numbers are not what they should be: 4 is missing, 13 to 29 too, and 3 is there twice. */
export function numberedCases() {
  const serials = [1, 2, 3, 3, 5, 6, 7, 8, 9, 10, 11, 12, 30, 31]
  return serials.map((serial, at) => ({
    archival_code: `0123-XK·2017-D30-WSJK-${String(at + 1).padStart(4, '0')}`,
    title: '公共场所卫生许可',
    agency: '灵丘县卫生健康局',
    region: '140224',
    matter: '公共场所卫生许可',
    document_number: `灵卫许〔2017〕${serial}号`,
    outcome: 'granted',
    retention: 'D30',
    security_class: '公开',
    applied_on: '2017-03-01',
    accepted_on: '2017-03-03',
    decided_on: '2017-03-15',
    applicant: { name: `灵丘县平安旅馆${at + 1}号店`, kind: 'organisation' },
    documents: [{ title: '行政许可决定书', kind: 'decision', pages: [`准予行政许可决定书 灵卫许〔2017〕${serial}号`] }],
  }))
}

export const ADMINISTRATORS = [
  ['sysop', 'system_admin'],
  ['secop', 'security_admin'],
  ['logop', 'log_admin'],
]

/** Makes the administrators; their sessions by role. */
export async function administrators(server) {
  const made = {}
  for (const [name, role] of ADMINISTRATORS) made[role] = await server.account(name, '--role', role)
  return made
}

/** Logs the applicant in with a new code; the cookie of the session. */
export async function applicantSession(server) {
  const { name, number } = applicant()
  return server.citizen(name, number, await server.issueCode(name, number))
}

/** An auditor of all agencies and years; the cookie of the session. */
export const auditor = (server) =>
  server.account('auditor', '--role', 'auditor', '--all-agencies', '--all-regions', '--clearance', 'internal', '--years', '1980..2030', '--until', '2099-12-31', '--purpose', '测试')
