// What the pages of citizens ask the server for.

import { answer, api } from '../api/client'
import type { components } from '../api/schema'

type Schemas = components['schemas']
export type CitizenAnswer = Schemas['CitizenAnswer']
export type OwnSummary = Schemas['OwnSummary']
export type OwnCaseAnswer = Schemas['OwnCaseAnswer']
export type OwnDocument = Schemas['OwnDocument']
export type OwnStage = Schemas['OwnStage']
export type AccessAnswer = Schemas['AccessAnswer']
export type VerificationAnswer = Schemas['VerificationAnswer']

/** Cases that are asked for at once. */
const SIZE = 20
/** Entries of who looked that are asked for at once: one visit makes many. */
const ENTRIES = 100

/** The own cases, the newest first, with the number of all. */
export async function ownCases(page: number, signal: AbortSignal) {
  const { cases, total } = await answer(api.GET('/api/v1/citizen/cases', { params: { query: { page, size: SIZE } }, signal }))
  return { items: cases, next: page * SIZE < total ? page + 1 : undefined, total }
}

export const ownCase = (id: string, signal: AbortSignal) => answer(api.GET('/api/v1/citizen/cases/{id}', { params: { path: { id } }, signal }))

export const ownPage = (id: string, d: number, p: number, signal: AbortSignal) =>
  answer(api.GET('/api/v1/citizen/cases/{id}/documents/{d}/pages/{p}', { params: { path: { id, d, p } }, signal }))

/** Who looked: at all own cases, or at one. */
export async function accesses(id: string | undefined, before: number | undefined, signal: AbortSignal) {
  const got = await answer(api.GET('/api/v1/citizen/accesses', { params: { query: { case: id, before, size: ENTRIES } }, signal }))
  return { items: got.accesses, next: got.next ?? undefined }
}

export const verification = (code: string, signal: AbortSignal) => answer(api.GET('/api/v1/verify/{code}', { params: { path: { code } }, signal }))

/** Address of the image of a page. */
export function ownImage(id: string, document: number, page: number, width: number): string {
  return `/api/v1/citizen/cases/${encodeURIComponent(id)}/documents/${document}/pages/${page}/image?width=${width}`
}

/** A certified copy as it came. */
export interface Copy {
  file: Blob
  /** Name of the file, which holds the verification code. */
  name: string
}

/** Has a certified copy made. Each has a code of its own, so it is asked for once and kept. */
export async function certifiedCopy(id: string): Promise<Copy> {
  const asked = api.GET('/api/v1/citizen/cases/{id}/certified-copy', { params: { path: { id } }, parseAs: 'blob' })
  const file = await answer(asked)
  const { response } = await asked
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  return { file: file as unknown as Blob, name: name ?? 'copy.pdf' }
}
