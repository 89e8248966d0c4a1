// What can come instead of an answer.

/** `aborted`: no longer wanted · `unreachable`: no answer came · `problem`: the server says what is wrong. */
export type ApiErrorKind = 'aborted' | 'unreachable' | 'problem'

/** Something that came instead of an answer. */
export class ApiError extends Error {
  constructor(
    readonly kind: ApiErrorKind,
    /** Status of the answer; 0 without one. */
    readonly status = 0,
    /** Stable code of the problem. */
    readonly code = '',
    /** What the server says, in the language asked for. */
    readonly detail = '',
    /** Names the request in the log of the server. */
    readonly requestId = '',
  ) {
    super(code || kind)
  }
}

/** Reads a problem (RFC 9457); anything else becomes a problem without a code. */
export function problemOf(body: unknown, status: number): ApiError {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '')
  return new ApiError('problem', status, text('code'), text('detail'), text('request_id'))
}

/** Whether nobody waits for the answer any more. */
export function isAborted(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'aborted'
}
