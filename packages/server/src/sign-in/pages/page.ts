import { Html, html, toSafeUrl } from './html.ts';
import type { Look } from './look.ts';
import { script } from './script.ts';
import { createStylesheet } from './stylesheet.ts';

/** A line of a password's rules; kept ones are marked while typing where a pattern can tell. */
export interface Rule {
  readonly text: string;
  /** Source of a regular expression that a password keeping the rule matches. */
  readonly pattern?: string;
  readonly items?: readonly Rule[];
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'email' | 'password' | 'tel' | 'number' | 'date' | 'checkbox' | 'select';
  readonly autocomplete: string;
  readonly value?: string | undefined;
  /** Default true. */
  readonly isRequired?: boolean;
  readonly maxLength?: number;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** What is wrong with it; shown beside it. */
  readonly problem?: string | undefined;
  readonly rules?: readonly Rule[];
  /** Typed in capitals, spaced widely. */
  readonly isCode?: boolean;
}

export interface Form {
  readonly action: string;
  /** Repeated by the form, never shown. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly fields: readonly Field[];
  /** Stands between the fields and the buttons. */
  readonly link?: { readonly label: string; readonly url: string } | undefined;
  /** The first is the one that Enter presses. */
  readonly buttons: readonly { readonly label: string; readonly name?: string; readonly value?: string }[];
}

/** One page, in the words of its language. */
export interface Page {
  readonly pageTitle: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly symbol?: 'done' | 'problem' | 'mail' | 'device';
  /** Who is about to sign in, and where that is changed. */
  readonly person?: { readonly text: string; readonly label: string; readonly url: string } | undefined;
  /** Said before the form; read out at once. */
  readonly problem?: string | undefined;
  readonly items?: readonly string[] | undefined;
  /** Shown large, to be compared. */
  readonly code?: string | undefined;
  /** Shown small, to be told to whoever helps. */
  readonly problemCode?: string | undefined;
  /** What the server says of it, in English; for who builds the application. */
  readonly detail?: string | undefined;
  /** The request, as the server's own log names it. */
  readonly reference?: string | undefined;
  readonly form?: Form;
  readonly links?: readonly {
    readonly text?: string | undefined;
    readonly label: string;
    readonly url: string;
  }[];
}

/** A whole document that works without script, in any browser. */
export function renderPage(page: Page, look: Look): string {
  const { nonce, texts } = look;
  const support = findSupport(look);
  const document = html`<html lang="${look.language}" dir="${look.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${page.pageTitle}</title>${renderIcon(look)}<style nonce="${nonce}">${new Html(createStylesheet(look.theme, toSafeUrl(look.fontUrl)))}</style></head><body><main>${renderBrand(look)}${
    page.symbol
      ? html`<div class="symbol ${page.symbol}" aria-hidden="true">${symbols[page.symbol]}</div>`
      : ''
  }<h1>${page.title}</h1>${page.description === undefined ? '' : html`<p class="description">${page.description}</p>`}${
    page.person
      ? html`<p class="person"><bdi>${page.person.text}</bdi> <a href="${page.person.url}">${page.person.label}</a></p>`
      : ''
  }${page.problem === undefined ? '' : html`<p class="problem" role="alert" id="problem">${page.problem}</p>`}${
    page.items && page.items.length > 0
      ? html`<ul class="items">${page.items.map((item) => html`<li>${item}</li>`)}</ul>`
      : ''
  }${page.code === undefined ? '' : html`<p class="code"><bdi>${page.code}</bdi></p>`}${
    page.form ? renderForm(page.form, look, page.problem !== undefined) : ''
  }${(page.links ?? []).map(({ text, label, url }) => html`<p class="more">${text} <a href="${url}">${label}</a></p>`)}${
    page.problemCode === undefined
      ? ''
      : html`<p class="trace">${texts.common.common.problemCode}${texts.common.common.colon}<code>${page.problemCode}</code></p>`
  }${page.detail === undefined ? '' : html`<p class="trace" lang="en" dir="ltr">${page.detail}</p>`}${
    page.reference === undefined ? '' : renderReference(page.reference, look)
  }</main>${
    support === undefined
      ? ''
      : html`<footer><a href="${support}" rel="noopener">${texts.common.common.support}</a></footer>`
  }${page.form || page.reference !== undefined ? html`<script nonce="${nonce}">${new Html(script)}</script>` : ''}</body></html>`;
  return `<!DOCTYPE html>${document.text}`;
}

function renderIcon({ iconUrl }: Look): Html | undefined {
  const address = toSafeUrl(iconUrl);
  return address === undefined ? undefined : html`<link rel="icon" href="${address}">`;
}

function findSupport({ supportUrl, supportEmail }: Look): string | undefined {
  return (
    toSafeUrl(supportUrl) ??
    (supportEmail === undefined ? undefined : `mailto:${encodeURIComponent(supportEmail)}`)
  );
}

function renderReference(reference: string, { texts }: Look): Html {
  const { common } = texts.common;
  return html`<p class="trace">${common.reference}${common.colon}<code id="reference">${reference}</code> <button type="button" class="copy" hidden aria-live="polite" data-of-text="reference" data-copied="${common.copied}">${common.copy}</button></p>`;
}

function renderBrand({ logoUrl, tenantName }: Look): Html {
  const address = toSafeUrl(logoUrl);
  return address === undefined
    ? html`<p class="brand">${tenantName}</p>`
    : html`<p class="brand"><img src="${address}" alt="${tenantName}" height="40"></p>`;
}

const symbols = {
  done: new Html('<svg viewBox="0 0 24 24"><path d="M5 12.5l4.5 4.5L19 7.5"/></svg>'),
  problem: new Html('<svg viewBox="0 0 24 24"><path d="M12 6.5v7M12 17v.6"/></svg>'),
  mail: new Html('<svg viewBox="0 0 24 24"><path d="M4 7h16v11H4zM4 7.5l8 6 8-6"/></svg>'),
  device: new Html('<svg viewBox="0 0 24 24"><path d="M4 6h16v10H4zM9 19.5h6"/></svg>'),
};

function renderForm(form: Form, look: Look, hasProblem: boolean): Html {
  const hidden = Object.entries(form.hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const wrong = form.fields.find((field) => field.problem !== undefined);
  const empty = form.fields.find((field) => (field.value ?? '') === '');
  const focused = wrong ?? (hasProblem ? form.fields.at(-1) : empty) ?? form.fields[0];
  const fields = form.fields.map((field) => renderField(field, look, field === focused));
  const buttons = form.buttons.map((button, index) =>
    button.name === undefined
      ? html`<button type="submit" class="${index === 0 ? 'main' : 'other'}">${button.label}</button>`
      : html`<button type="submit" class="${index === 0 ? 'main' : 'other'}" name="${button.name}" value="${button.value}">${button.label}</button>`,
  );
  const link = form.link && html`<p class="beside"><a href="${form.link.url}">${form.link.label}</a></p>`;
  return html`<form method="post" action="${form.action}">${hidden}${fields}${link}<div class="buttons">${buttons}</div></form>`;
}

function renderField(field: Field, look: Look, isFocused: boolean): Html {
  const { common } = look.texts.common;
  const id = field.name;
  const described = [
    ...(field.problem === undefined ? [] : [`${id}-problem`]),
    ...(field.rules && field.rules.length > 0 ? [`${id}-rules`] : []),
  ].join(' ');
  const attributes = html` id="${id}" name="${id}" autocomplete="${field.autocomplete}"${
    field.isRequired === false ? '' : new Html(' required')
  }${field.maxLength === undefined ? '' : html` maxlength="${field.maxLength}"`}${
    field.problem === undefined ? '' : new Html(' aria-invalid="true"')
  }${described === '' ? '' : html` aria-describedby="${described}"`}${isFocused ? new Html(' autofocus') : ''}`;
  const problem =
    field.problem === undefined ? '' : html`<p class="field-problem" id="${id}-problem">${field.problem}</p>`;
  if (field.type === 'checkbox')
    return html`<div class="field"><label class="check"><input type="checkbox" value="true"${attributes}> ${field.label}</label>${problem}</div>`;
  const hint = field.isRequired === false ? html` <span class="hint">(${common.optional})</span>` : '';
  const label = html`<label for="${id}">${field.label}${hint}</label>`;
  return html`<div class="field">${label}${renderControl(field, attributes, look)}${problem}${renderRules(field, look)}</div>`;
}

function renderControl(field: Field, attributes: Html, look: Look): Html {
  if (field.type === 'select') {
    const choices = (field.choices ?? []).map(({ value, label }) =>
      value === field.value
        ? html`<option value="${value}" selected>${label}</option>`
        : html`<option value="${value}">${label}</option>`,
    );
    return html`<select${attributes}><option value=""></option>${choices}</select>`;
  }
  // What people type of addresses, passwords and codes is not prose.
  const literal = new Html(' autocapitalize="none" spellcheck="false"');
  const mode = inputModes[field.type];
  const input = html`<input type="${field.type}"${attributes}${literal}${
    mode === undefined ? '' : html` inputmode="${mode}"`
  }${field.isCode ? new Html(' class="code-input"') : ''}${
    field.value === undefined ? '' : html` value="${field.value}"`
  }>`;
  if (field.type !== 'password') return input;
  const { showPassword, hidePassword } = look.texts.common.common;
  return html`<div class="password">${input}<button type="button" class="reveal" hidden aria-pressed="false" aria-label="${showPassword}" data-show="${showPassword}" data-hide="${hidePassword}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/></svg></button></div>`;
}

const inputModes: Partial<Record<Field['type'], string>> = {
  email: 'email',
  tel: 'tel',
  number: 'decimal',
};

function renderRules({ name, rules }: Field, look: Look): Html | undefined {
  if (!rules || rules.length === 0) return undefined;
  const { common } = look.texts.common;
  return html`<div class="rules" id="${name}-rules"><p>${common.rulesTitle}</p><ul data-of="${name}" data-kept="${common.ruleKept}">${rules.map(renderRule)}</ul></div>`;
}

function renderRule({ text, pattern, items }: Rule): Html {
  const inner = items && items.length > 0 ? html`<ul>${items.map(renderRule)}</ul>` : '';
  return pattern === undefined
    ? html`<li>${text}${inner}</li>`
    : html`<li data-pattern="${pattern}">${text}<span class="kept"></span>${inner}</li>`;
}
