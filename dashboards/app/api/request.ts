/** The server said no, or said nothing. `message` is a sentence for the reader; `field` names what was wrong. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** 0 if there was no answer. */
  readonly status: number;
  readonly field: string | undefined;

  constructor(message: string, status: number, field?: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.field = field;
  }
}

type Request = { method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; body?: unknown; signal?: AbortSignal };

/** Sends JSON to our own API with the session cookie. Throws ApiError; the answer's type is the caller's word. */
export async function request<Answer>(path: string, { method, body, signal }: Request = {}): Promise<Answer> {
  const answer = await send(path, { method, body, signal, accept: 'application/json' });
  if (answer.status === 204) return undefined as Answer; // Callers of routes without an answer ask for `void`.
  return (await answer.json()) as Answer; // The server validates what it sends; the types come from its own schemas.
}

/** The same, as the text a file is made of. */
export async function requestText(path: string, accept: string, body: unknown): Promise<string> {
  return (await send(path, { method: 'POST', body, accept })).text();
}

type Sent = {
  method?: Request['method'] | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
  accept: string;
};

async function send(path: string, { method, body, signal, accept }: Sent): Promise<Response> {
  const answer = await fetch(path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError('', 0, undefined, { cause });
  });
  if (!answer.ok) throw await toError(answer);
  return answer;
}

async function toError(answer: Response): Promise<ApiError> {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text) as { error: { message: string; field?: string } }; // protocol.ts, Refusal
    return new ApiError(error.message, answer.status, error.field);
  } catch {
    // A proxy in between answers in its own words.
    return new ApiError(`${answer.status} ${answer.statusText}`.trim(), answer.status);
  }
}
