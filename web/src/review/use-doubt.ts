// All that one screen about a doubt needs: the case, the pages to look at, what can be corrected.

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { answer, api } from '../api/client'
import type { CaseAnswer, PageAnswer, ReviewAnswer } from '../api/types'
import type { PagePlace } from '../api/addresses'
import type { Target } from '../case/corrections'
import { isField, valueOf } from '../case/fields'
import { locale } from '../i18n'
import { boxOf, type Box } from '../shared/boxes'
import { useRequest, type Request } from '../shared/use-request'
import { lineIn } from './doubt'

/** Places that are shown at once. */
const SHOWN = 3

export interface Place extends PagePlace {
  box?: Box
  text: PageAnswer
}

interface Doubt {
  found: Request<{ about: CaseAnswer; places: Place[] }, []>
  /** What can be corrected here; nothing for a doubt that only a look at the case settles. */
  target: ComputedRef<Target | undefined>
  value: ShallowRef<string>
}

export function useDoubt(review: () => ReviewAnswer): Doubt {
  const value = shallowRef('')

  async function place(signal: AbortSignal, at: { document: number; page: number; box?: Box }): Promise<Place[]> {
    const path = { id: review().case_id, d: at.document, p: at.page }
    try {
      return [{ ...at, text: await answer(api.GET('/api/v1/cases/{id}/documents/{d}/pages/{p}', { params: { path }, signal })) }]
    } catch (error) {
      // A page that cannot be had is told by the case; the others may do.
      if (signal.aborted) throw error
      return []
    }
  }
  const found = useRequest(async (signal) => {
    const { case_id: id, evidence } = review()
    const wanted = evidence.slice(0, SHOWN).map(({ document, page, box }) => ({ document, page: page ?? 1, box: boxOf(box) }))
    const [about, ...places] = await Promise.all([
      answer(api.GET('/api/v1/cases/{id}', { params: { path: { id } }, signal })),
      ...wanted.map((at) => place(signal, at)),
    ])
    return { about, places: places.flat() }
  })

  const target = computed<Target | undefined>(() => {
    const { about, places } = found.data.value ?? {}
    const { field } = review()
    if (!about) return undefined
    if (field && isField(field)) return { kind: 'field', field, value: valueOf(about, field) }
    const first = places?.[0]
    const line = first?.box ? lineIn(first.text.lines, first.box) : -1
    const text = first?.text.lines[line]?.text
    return first && text !== undefined ? { kind: 'line', line, value: text, evidence: first } : undefined
  })
  watch(target, (next) => {
    value.value = next?.value ?? ''
  })
  watch(() => [review().review, locale.value], () => void found.run(), { immediate: true })
  return { found, target, value }
}
