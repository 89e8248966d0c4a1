// Sends files: names them, then puts their bytes one by one, two at a time. `fetch` does not tell how far a body is; the older
// way does.

import { computed, onScopeDispose, ref, shallowRef, triggerRef } from 'vue'
import { answer, api, languageOfApi } from '../api/client'
import { ApiError, problemOf } from '../api/error'
import { errorText } from '../app/error-text'
import { batches, type Picked } from './picked'

/** Files under way at the same time. */
const AT_A_TIME = 2

interface Sending extends Picked {
  number: number
  /** Bytes that have left. */
  sent: number
  state: 'waiting' | 'sending' | 'sent' | 'failed'
  fault: string
}

/** Files that were picked for an upload on the page before. */
const handedOver = new Map<string, Picked[]>()
export const handOver = (uploadId: string, files: Picked[]): void => void handedOver.set(uploadId, files)
export function takeOver(uploadId: string): Picked[] {
  const files = handedOver.get(uploadId) ?? []
  handedOver.delete(uploadId)
  return files
}

function put(address: string, file: File, progress: (sent: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', address)
    request.responseType = 'json'
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Accept-Language', languageOfApi())
    request.upload.addEventListener('progress', (event) => progress(event.loaded))
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(problemOf(request.response, request.status))))
    request.addEventListener('error', () => reject(new ApiError('unreachable')))
    request.addEventListener('abort', () => reject(new ApiError('aborted')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

export function useSending(uploadId: string, changed: () => void) {
  const files = shallowRef<Sending[]>([])
  const refused = ref<{ path: string; message: string }[]>([])
  const fault = ref('')
  const running = ref(0)
  const naming = ref(false)
  const stop = new AbortController()
  onScopeDispose(() => stop.abort())

  async function next(): Promise<void> {
    const one = files.value.find(({ state }) => state === 'waiting')
    if (!one || stop.signal.aborted) return
    one.state = 'sending'
    running.value += 1
    try {
      const address = `/api/v1/uploads/${encodeURIComponent(uploadId)}/files/${one.number}`
      await put(address, one.file, (sent) => {
        one.sent = sent
        triggerRef(files)
      }, stop.signal)
      one.state = 'sent'
      one.sent = one.file.size
    } catch (error) {
      one.state = 'failed'
      one.sent = 0
      one.fault = errorText(error)
    }
    running.value -= 1
    triggerRef(files)
    if (stop.signal.aborted) return
    if (files.value.some(({ state }) => state === 'waiting')) void next()
    else if (running.value === 0) changed()
  }

  function go(): void {
    for (let at = running.value; at < AT_A_TIME; at += 1) void next()
  }

  /** Names files and begins to send them. What is here already (`known`) is not sent again. */
  async function add(picked: readonly Picked[], known: ReadonlySet<string>): Promise<void> {
    fault.value = ''
    naming.value = true
    try {
      const wanted = picked.filter(({ path }) => !known.has(path) && !files.value.some((file) => file.path === path && file.state !== 'failed'))
      for (const batch of batches(wanted)) {
        const body = { files: batch.map(({ path, file }) => ({ path, bytes: file.size })) }
        const named = await answer(api.POST('/api/v1/uploads/{upload}/files', { params: { path: { upload: uploadId } }, body, signal: stop.signal }))
        const byPath = new Map(batch.map((one) => [one.path, one]))
        for (const { path, number, message } of named.files) {
          const one = byPath.get(path)
          if (one && number != null) files.value.push({ ...one, number, sent: 0, state: 'waiting', fault: '' })
          else refused.value.push({ path, message: message ?? '' })
        }
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.kind === 'aborted')) fault.value = errorText(error)
    }
    naming.value = false
    triggerRef(files)
    if (files.value.some(({ state }) => state === 'waiting')) go()
    else changed()
  }

  /** Sends once more what failed. */
  function again(): void {
    for (const file of files.value) if (file.state === 'failed') Object.assign(file, { state: 'waiting', fault: '' })
    triggerRef(files)
    go()
  }

  const failed = computed(() => files.value.filter(({ state }) => state === 'failed'))
  const done = computed(() => files.value.filter(({ state }) => state === 'sent').length)
  const bytes = computed(() => files.value.reduce((sum, { sent }) => sum + sent, 0))
  const allBytes = computed(() => files.value.reduce((sum, { file }) => sum + file.size, 0))
  const busy = computed(() => naming.value || running.value > 0)
  return { files, refused, fault, failed, done, bytes, allBytes, busy, add, again }
}
