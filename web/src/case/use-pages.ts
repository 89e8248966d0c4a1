// The texts of the pages of one case, with the marks of a query, and how many each page has.

import { onScopeDispose, shallowReactive, ref, type Ref } from 'vue'
import { answer, api } from '../api/client'
import { isAborted } from '../api/error'
import type { PagePlace } from '../api/addresses'
import type { PageAnswer } from '../api/types'
import { pageKey } from './pages'

/** Texts that are kept; the marks of all pages are. */
const KEPT = 24

export interface Pages {
  /** Number of marks by page, of the pages that were asked for so far. */
  marks: Map<string, number>
  /** Whether pages are still being looked through. */
  counting: Ref<boolean>
  load: (place: PagePlace) => Promise<PageAnswer>
  /** Looks through all pages for the query. */
  countAll: (places: readonly PagePlace[]) => Promise<void>
  /** Begins anew, for another query or after a correction; with a reason, personal data is shown in full. */
  reset: (caseId: string, query: string, reason: string) => void
}

export function usePages(): Pages {
  const marks = shallowReactive(new Map<string, number>())
  const kept = new Map<string, Promise<PageAnswer>>()
  const counting = ref(false)
  let about = { caseId: '', query: '', reason: '' }
  let wanted = new AbortController()

  async function ask(place: PagePlace): Promise<PageAnswer> {
    const { signal } = wanted
    const { caseId, query } = about
    const path = { id: caseId, d: place.document, p: place.page }
    const page = await answer(
      api.GET('/api/v1/cases/{id}/documents/{d}/pages/{p}', { params: { path, query: query ? { q: query } : {} }, signal }),
    )
    if (!signal.aborted) marks.set(pageKey(place), page.marks.length)
    return page
  }

  /** A page to be read, in full when there is a reason. What a query marks is told of the masked page only, letter for letter the same. */
  async function read(place: PagePlace): Promise<PageAnswer> {
    const { signal } = wanted
    const { caseId, reason } = about
    const masked = await ask(place)
    if (!reason) return masked
    const body = { reason, page: { document: place.document, page: place.page } }
    const shown = await answer(api.POST('/api/v1/cases/{id}/unmask', { params: { path: { id: caseId } }, body, signal }))
    return shown.page ? { ...shown.page, marks: masked.marks } : masked
  }

  function load(place: PagePlace): Promise<PageAnswer> {
    const key = pageKey(place)
    const known = kept.get(key)
    if (known) return known
    const asked = read(place)
    kept.set(key, asked)
    asked.catch(() => {
      if (kept.get(key) === asked) kept.delete(key)
    })
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!)
    return asked
  }

  async function countAll(places: readonly PagePlace[]): Promise<void> {
    const { signal } = wanted
    counting.value = true
    for (const place of places) {
      if (signal.aborted) return
      if (marks.has(pageKey(place))) continue
      try {
        await ask(place)
      } catch (error) {
        if (isAborted(error)) return
        // A page that cannot be had has no hits; opening it says why.
        marks.set(pageKey(place), 0)
      }
    }
    if (!signal.aborted) counting.value = false
  }

  function reset(caseId: string, query: string, reason: string): void {
    wanted.abort()
    wanted = new AbortController()
    about = { caseId, query, reason }
    counting.value = false
    kept.clear()
    marks.clear()
  }

  onScopeDispose(() => wanted.abort())
  return { marks, counting, load, countAll, reset }
}
