import type { TestServer } from './test-server.ts';

export interface PageAnswer {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  /** Where it came from, after redirects inside the server. */
  readonly url: URL;
}

/** A browser with cookies and without script, in front of a server that is called without a socket. */
export interface Browser {
  /** Follows redirects inside the server; one that leaves it is answered as it is. */
  open(url: string): Promise<PageAnswer>;
  /** Sends the page's form with these values in place of its own. */
  submit(page: PageAnswer, values?: Readonly<Record<string, string>>): Promise<PageAnswer>;
  cookies(): ReadonlyMap<string, string>;
  /** Another browser, with the cookies that this one has now. */
  copy(): Browser;
}

/** By path and name: transactions of several tabs have cookies of one name. */
type CookieJar = Map<string, { readonly name: string; readonly value: string; readonly path: string }>;

export function openBrowser(
  server: TestServer,
  userAgent = 'Mozilla/5.0 (test)',
  language: string | undefined = undefined,
  jar: CookieJar = new Map(),
): Browser {
  const origin = new URL(server.config.publicUrl).origin;
  const request = async (
    method: 'GET' | 'POST',
    target: URL,
    form?: URLSearchParams,
  ): Promise<PageAnswer> => {
    const cookie = [...jar.values()]
      .filter(({ path }) => target.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const answer = await server.fetchRaw(method, target.pathname + target.search, {
      headers: {
        'user-agent': userAgent,
        ...(language === undefined ? {} : { 'accept-language': language }),
        ...(cookie ? { cookie } : {}),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(form ? { payload: form.toString() } : {}),
    });
    keepCookies(jar, answer.headers['set-cookie']);
    const { location } = answer.headers;
    if (typeof location === 'string') {
      const next = new URL(location, target);
      if (next.origin === origin) return request('GET', next);
    }
    return {
      status: answer.status,
      text: answer.text,
      location: typeof location === 'string' ? location : undefined,
      headers: answer.headers,
      url: target,
    };
  };
  return {
    open: (url) => request('GET', new URL(url, origin)),
    submit: (page, values = {}) => {
      const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(page.text) ?? [];
      const form = new URLSearchParams();
      for (const [, name = '', value = ''] of page.text.matchAll(
        /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
      ))
        form.set(
          name,
          value.replaceAll(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code))),
        );
      for (const [name, value] of Object.entries(values)) form.set(name, value);
      return request('POST', new URL(action, page.url), form);
    },
    cookies: () => new Map([...jar.values()].map(({ name, value }) => [name, value])),
    copy: () => openBrowser(server, userAgent, language, new Map(jar)),
  };
}

function keepCookies(jar: CookieJar, header: string | string[] | number | undefined): void {
  for (const line of Array.isArray(header) ? header : typeof header === 'string' ? [header] : []) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/';
    const isGone = attributes.some((part) => /^expires=Thu, 01 Jan 1970/i.test(part)) || value === '';
    if (isGone) jar.delete(`${path} ${name}`);
    else jar.set(`${path} ${name}`, { name, value, path });
  }
}

/** `fetch` into the server, for clients that take one. */
export function fetchInto(server: TestServer): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    const answer = await server.app.server.inject({
      method: request.method === 'POST' ? 'POST' : 'GET',
      url: url.pathname + url.search,
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      ...(body.length > 0 ? { payload: body } : {}),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const item of Array.isArray(value) ? value : [value])
        if (item !== undefined) headers.append(name, String(item));
    }
    return new Response(answer.statusCode === 204 ? null : answer.rawPayload, {
      status: answer.statusCode,
      headers,
    });
  };
}
