// Every request of the application goes through here: language, session, errors.

import createClient from 'openapi-fetch'
import type { paths } from './schema'
import { ApiError, problemOf } from './error'

let language = 'zh-CN'
let onUnauthorised: (() => void) | undefined

/** Sets the language in which the server words what it says. */
export function setApiLanguage(code: string): void {
  language = code
}

/** The language in which the server words what it says. */
export const languageOfApi = (): string => language

/** Sets what happens when the server asks for a login (401). */
export function whenUnauthorised(act: () => void): void {
  onUnauthorised = act
}

/** The typed client of the API. Use it inside {@link answer}. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })

api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language)
    return request
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

async function come<T>(request: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await request
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw new ApiError('aborted')
    throw new ApiError('unreachable')
  }
}

function refusal({ error, response }: Answer<unknown>): ApiError {
  if (response.status === 401) onUnauthorised?.()
  return problemOf(error, response.status)
}

/**
 * The body of an answer.
 * @throws ApiError for whatever came instead of it.
 */
export async function answer<T>(request: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const got = await come(request)
  if (got.response.ok && got.data !== undefined && got.data !== null) return got.data
  throw refusal(got)
}

/**
 * Waits for an answer that has no body.
 * @throws ApiError for whatever came instead of it.
 */
export async function done(request: Promise<Answer<unknown>>): Promise<void> {
  const got = await come(request)
  if (!got.response.ok) throw refusal(got)
}
