// How far a job is, from the events that tell of it.

import type { JobAnswer, UploadFile } from '../api/types'

/** Files with those that changed in the places of what they were. */
export function merged(before: readonly UploadFile[], changed: readonly UploadFile[]): UploadFile[] {
  const files = new Map(before.map((file) => [file.number, file]))
  for (const file of changed) files.set(file.number, file)
  return [...files.values()].sort((a, b) => a.number - b.number)
}

/** Share of the files that nothing more will happen to, 0 to 1; all of them only when the job is over. */
export function shareOf(counts: JobAnswer['counts'], state: string): number {
  if (state === 'done') return 1
  const over = counts.read + counts.failed + counts.passed_over
  const all = over + counts.waiting + counts.reading
  return all === 0 ? 0 : Math.min(0.99, over / all)
}

export const isOver = (state: string): boolean => state === 'done' || state === 'failed'
