// Words for codes. A code that this page does not know yet is shown as the server names it.

import { i18n } from './index'

const LISTS = ['outcome', 'document_kind', 'applicant_kind', 'retention', 'security_class', 'ocr_quality'] as const
export type CodeList = (typeof LISTS)[number]

export function isCodeList(name: string): name is CodeList {
  return (LISTS as readonly string[]).includes(name)
}

/** The codes of a list in their usual order. */
export function codesOf(list: CodeList): string[] {
  return Object.keys(i18n.global.messages.value.zh.code[list])
}

/** What a code means; `otherwise` for one that is not in the table. */
export function codeLabel(list: string, code: string, otherwise = code): string {
  const key = `code.${list}.${code}`
  return isCodeList(list) && i18n.global.te(key) ? i18n.global.t(key) : otherwise
}

/** The name of a field. */
export function fieldLabel(field: string): string {
  const key = `field.${field}`
  return i18n.global.te(key) ? i18n.global.t(key) : field
}
