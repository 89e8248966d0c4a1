// The pages of a case in their order.

import type { DocumentAnswer } from '../api/types'
import type { PagePlace } from '../api/addresses'

export interface CasePage extends PagePlace {
  title: string
  /** Number of the page within its document, from 1, and how many that has. */
  number: number
  count: number
  /** Code of the reason why the file could not be read. */
  failure: string | null
}

export function pagesOf(documents: readonly DocumentAnswer[]): CasePage[] {
  return documents.flatMap((document) =>
    Array.from({ length: document.page_count }, (_, index) => ({
      document: document.document,
      page: document.first_page + index,
      title: document.title,
      number: index + 1,
      count: document.page_count,
      failure: document.failure ?? null,
    })),
  )
}

export const pageKey = ({ document, page }: PagePlace): string => `${document}/${page}`

/** Index of a page; the first when there is no such page. */
export function indexOf(pages: readonly PagePlace[], place: Partial<PagePlace>): number {
  const exact = pages.findIndex((page) => page.document === place.document && page.page === place.page)
  if (exact >= 0) return exact
  return Math.max(0, pages.findIndex((page) => page.document === place.document))
}
