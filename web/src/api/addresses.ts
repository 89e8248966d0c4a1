// Addresses that the browser itself fetches.

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

/** Address of the image of a page; `query` draws what it finds. */
export function imageAddress(caseId: string, place: PagePlace, width: number, query = ''): string {
  const parameters = new URLSearchParams({ width: String(usualWidth(width)) })
  if (query) parameters.set('q', query)
  return `/api/v1/cases/${encodeURIComponent(caseId)}/documents/${place.document}/pages/${place.page}/image?${parameters}`
}
