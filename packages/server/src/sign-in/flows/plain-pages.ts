/** Text that is HTML already. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A template whose values are escaped unless they are HTML of this function. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  return new Html(
    parts.map((part, index) => (index === 0 ? part : render(values[index - 1] ?? '') + part)).join(''),
  );
}

function render(value: string | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string')
    return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return value.map((item) => item.text).join('');
}

/** What a form repeats of the request: never shown. */
export type HiddenFields = Readonly<Record<string, string>>;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly value?: string;
  readonly autocomplete: string;
}

export interface FormPage {
  readonly title: string;
  readonly text?: string | undefined;
  /** Shown as an alert. */
  readonly problem?: string | undefined;
  readonly action: string;
  readonly hidden: HiddenFields;
  readonly fields: readonly Field[];
  readonly items?: readonly string[];
  /** The first is the one that Enter presses. */
  readonly buttons: readonly { readonly label: string; readonly name?: string; readonly value?: string }[];
  readonly links?: readonly { readonly label: string; readonly url: string }[];
}

/** A page with one form, without script and without style: it works in every browser. */
export function renderForm(page: FormPage): string {
  const hidden = Object.entries(page.hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const fields = page.fields.map(
    (field) =>
      html`<p><label for="${field.name}">${field.label}</label><br><input id="${field.name}" name="${field.name}" type="${field.type}" value="${field.value ?? ''}" autocomplete="${field.autocomplete}" required></p>`,
  );
  const buttons = page.buttons.map((button) =>
    button.name === undefined
      ? html`<button type="submit">${button.label}</button> `
      : html`<button type="submit" name="${button.name}" value="${button.value ?? ''}">${button.label}</button> `,
  );
  const links = (page.links ?? []).map(({ label, url }) => html`<p><a href="${url}">${label}</a></p>`);
  const items = (page.items ?? []).map((item) => html`<li>${item}</li>`);
  return renderDocument(
    page.title,
    html`${page.problem === undefined ? '' : html`<p role="alert">${page.problem}</p>`}${
      page.text === undefined ? '' : html`<p>${page.text}</p>`
    }${items.length > 0 ? html`<ul>${items}</ul>` : ''}<form method="post" action="${page.action}">${hidden}${fields}<p>${buttons}</p></form>${links}`,
  );
}

/** A page that says something. */
export function renderMessage(page: {
  readonly title: string;
  readonly text: string;
  readonly code?: string | undefined;
}): string {
  return renderDocument(
    page.title,
    html`<p>${page.text}</p>${page.code === undefined ? '' : html`<p><code>${page.code}</code></p>`}`,
  );
}

function renderDocument(title: string, body: Html): string {
  return `<!DOCTYPE html>${
    html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><main><h1>${title}</h1>${body}</main></body></html>`
      .text
  }`;
}
