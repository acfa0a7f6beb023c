import { ar } from './texts/ar.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';
import { ja } from './texts/ja.ts';
import type { MessageKind, MessageTexts } from './texts/message-text.ts';

const translations = new Map([en, de, fr, es, ja, ar].map((texts) => [texts.locale, texts]));

/**
 * The built-in template of a message in Liquid.
 * @param locale a language tag; its language decides, and what is not translated is English
 */
export function makeDefaultTemplate(
  name: MessageKind,
  locale: string,
): { readonly subject: string; readonly body: string } {
  const texts = translations.get(languageOf(locale)) ?? en;
  const message =
    texts.messages[name === 'change_password' || name === 'password_reset' ? 'reset_email' : name];
  const parts = [
    `<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600">${message.heading}</h1>`,
    ...message.paragraphs.map((text) => paragraph(text)),
    ...(message.code === undefined ? [] : [code(message.code)]),
    ...(message.button === undefined ? [] : [button(message.button, texts.linkHint)]),
    ...(message.notice === undefined ? [] : [paragraph(message.notice, 'color:#57606a')]),
  ];
  return { subject: message.subject, body: layout(texts, message.subject, parts.join('\n')) };
}

/**
 * The first of the wished languages that the tenant has enabled, in order of preference; else the tenant's first.
 * @param wished language tags or `Accept-Language` values, best first
 */
export function chooseLocale(wished: readonly (string | undefined)[], enabled: readonly string[]): string {
  for (const tag of wished.flatMap((text) => listTags(text))) {
    const exact = enabled.find((locale) => locale.toLowerCase() === tag.toLowerCase());
    const related = exact ?? enabled.find((locale) => languageOf(locale) === languageOf(tag));
    if (related !== undefined) return related;
  }
  return enabled[0] ?? 'en';
}

/** `de-CH, fr;q=0.5` → `de-CH`, `fr`; weights are taken to be in order, as browsers send them. */
function listTags(text: string | undefined): string[] {
  return (text ?? '')
    .slice(0, 200)
    .split(/[,\s]+/)
    .map((part) => part.split(';', 1)[0]?.replaceAll('_', '-') ?? '')
    .filter((tag) => /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(tag));
}

function languageOf(tag: string): string {
  return (tag.split('-', 1)[0] ?? '').toLowerCase();
}

const font =
  "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif";

function paragraph(text: string, style = ''): string {
  return `<p style="margin:0 0 16px;${style}">${text}</p>`;
}

/** The digits apart for the eye by spacing alone, so that they are copied and read aloud as one. */
function code(label: string): string {
  return `<p style="margin:0 0 4px;color:#57606a">${label}</p>
<p dir="ltr" style="margin:0 0 24px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:30px;font-weight:600;letter-spacing:6px">{{ code }}</p>`;
}

/** The enrollment template calls its address `link`, all others `url`. A message without one has no button. */
function button(label: string, hint: string): string {
  return `{% assign target = url | default: link %}{% if target != blank %}
<p style="margin:24px 0"><a href="{{ target }}" style="display:inline-block;padding:14px 22px;border-radius:8px;background:#1f4fd8;color:#ffffff;font-weight:600;text-decoration:none">${label}</a></p>
<p style="margin:0 0 24px;font-size:13px;color:#57606a">${hint}<br><a href="{{ target }}" style="color:#1f4fd8;word-break:break-all">{{ target }}</a></p>
{% endif %}`;
}

/** One column of 560 px on tables with `role="presentation"`: what mail programs from Outlook on show alike. */
function layout(texts: MessageTexts, title: string, content: string): string {
  return `<!doctype html>
<html lang="${texts.locale}" dir="${texts.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${title}</title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6;color:#1f2328;${font};font-size:16px;line-height:1.5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px"><tr><td dir="${texts.direction}" style="padding:0 8px 16px;font-weight:600">{{ friendly_name }}</td></tr>
<tr><td dir="${texts.direction}" style="padding:32px;background:#ffffff;border:1px solid #d8dee4;border-radius:12px">
${content}
</td></tr>
<tr><td dir="${texts.direction}" style="padding:16px 8px;font-size:13px;color:#57606a">{{ friendly_name }}{% if support_email != blank %} · ${texts.support} <a href="mailto:{{ support_email }}" style="color:#57606a">{{ support_email }}</a>{% elsif support_url != blank %} · <a href="{{ support_url }}" style="color:#57606a">{{ support_url }}</a>{% endif %}</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}
