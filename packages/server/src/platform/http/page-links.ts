export interface ShownPages {
  readonly page: number;
  readonly perPage: number;
  /** How many pages of this size the answer holds; one unless the caller asked for no page. */
  readonly count: number;
  readonly total: number;
}

/**
 * The `Link` header of an offset list (RFC 8288): first, prev, next and last, as far as they exist, each the
 * request's own URL with `page` and `per_page` filled in.
 */
export function linkPages(url: URL, list: ShownPages): string {
  const lastPage = list.perPage === 0 ? 0 : Math.max(0, Math.ceil(list.total / list.perPage) - 1);
  const link = (rel: string, page: number) =>
    `<${withParameters(url, { page, per_page: list.perPage })}>; rel="${rel}"`;
  return [
    link('first', 0),
    ...(list.page > 0 ? [link('prev', list.page - 1)] : []),
    ...(list.page + list.count <= lastPage ? [link('next', list.page + list.count)] : []),
    link('last', lastPage),
  ].join(', ');
}

/** The `Link` header of a checkpoint read, which ignores all other parameters and so leaves them out. */
export function linkNext(url: URL, next: { readonly from: string; readonly take: number }): string {
  const target = new URL(url);
  target.search = '';
  return `<${withParameters(target, { ...(next.from ? { from: next.from } : {}), take: next.take })}>; rel="next"`;
}

function withParameters(url: URL, parameters: Readonly<Record<string, string | number>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, String(value));
  return target.href;
}
