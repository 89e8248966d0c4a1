// Addresses that the browser itself fetches, and the one image that it may not keep.

import { answer, api } from './client'

/** A page of a document of a case. */
export interface PagePlace {
  document: number
  page: number
}

/** Widths in which page images are asked for, so that the browser can keep and reuse them. */
const WIDTHS = [160, 320, 640, 1000, 1600, 2400] as const

/** The smallest usual width that is at least `pixels`, or the largest. */
export function usualWidth(pixels: number): number {
  return WIDTHS.find((width) => width >= pixels) ?? WIDTHS[WIDTHS.length - 1]!
}

/** Address of all cases of a search, in a form; `search` is the search as it stands in the address of the page. */
export function exportAddress(format: 'csv' | 'xlsx' | 'jsonl', search: URLSearchParams): string {
  const parameters = new URLSearchParams(search)
  for (const name of ['page', 'size', 'sort']) parameters.delete(name)
  parameters.set('format', format)
  return `/api/v1/export?${parameters}`
}

const FORMATS = ['xlsx', 'csv', 'jsonl'] as const

/** Addresses of a table of the desk in each form; `parameters` are those of the statistics or findings themselves. */
export function tableAddresses(of: 'stats' | 'findings', parameters: Record<string, unknown>) {
  return FORMATS.map((format) => ({ format, href: `/api/v1/${of}/export?${searchOf({ ...parameters, page: undefined, size: undefined, format })}` }))
}

/** Parameters as they stand in an address: lists are repeated, what is not there is left out. */
export function searchOf(parameters: Record<string, unknown>): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(name, String(one))
    }
  }
  return search
}

/** Address of one case, as data or as a searchable PDF. */
export function caseExportAddress(caseId: string, format: 'json' | 'pdf'): string {
  return `/api/v1/cases/${encodeURIComponent(caseId)}/export?format=${format}`
}

/** Address of the image of a page; `query` draws what it finds. */
export function imageAddress(caseId: string, place: PagePlace, width: number, query = ''): string {
  const parameters = new URLSearchParams({ width: String(usualWidth(width)) })
  if (query) parameters.set('q', query)
  return `/api/v1/cases/${encodeURIComponent(caseId)}/documents/${place.document}/pages/${place.page}/image?${parameters}`
}

/** The image of a page with nothing blackened; the reason goes into the audit log. */
export async function unmaskedImage(caseId: string, place: PagePlace, width: number, reason: string, signal: AbortSignal): Promise<Blob> {
  const path = { id: caseId, d: place.document, p: place.page }
  const image = await answer(
    api.POST('/api/v1/cases/{id}/documents/{d}/pages/{p}/image', {
      params: { path, query: { width: usualWidth(width) } },
      body: { reason },
      parseAs: 'blob',
      signal,
    }),
  )
  return image as unknown as Blob
}
