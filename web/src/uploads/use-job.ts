// Looks on at a job while it runs (Server-Sent Events).

import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { JobWithFiles, UploadFile } from '../api/types'
import { isOver, merged } from './progress'

export interface Watched {
  job: ShallowRef<JobWithFiles | undefined>
  files: ShallowRef<UploadFile[]>
  /** Whether the connection broke and the browser does not come back by itself. */
  broken: Ref<boolean>
  watch: (jobId: string) => void
}

/** `ended` is called once when the job is over. */
export function useJob(ended: () => void): Watched {
  const job = shallowRef<JobWithFiles>()
  const files = shallowRef<UploadFile[]>([])
  const broken = ref(false)
  let source: EventSource | undefined

  function close(): void {
    source?.close()
    source = undefined
  }

  function watch(jobId: string): void {
    close()
    broken.value = false
    job.value = undefined
    files.value = []
    const mine = new EventSource(`/api/v1/jobs/${encodeURIComponent(jobId)}/events`)
    source = mine
    mine.addEventListener('job', (event) => {
      const news = JSON.parse((event as MessageEvent<string>).data) as JobWithFiles
      broken.value = false
      job.value = news
      files.value = merged(files.value, news.files)
      if (!isOver(news.state)) return
      close()
      ended()
    })
    mine.addEventListener('error', () => {
      if (source === mine && mine.readyState === EventSource.CLOSED) broken.value = true
    })
  }

  onScopeDispose(close)
  return { job, files, broken, watch }
}
