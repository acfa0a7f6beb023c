/** What loads or leads somewhere without a click. */
const dropped = 'script, iframe, frame, frameset, object, embed, base, link, meta[http-equiv]';
/** Plain links look like links although they lead nowhere here. */
const plainLooks = 'body { font-family: sans-serif; } a { color: #1f4fd8; text-decoration: underline; }';
const mark = 'data-muster-style';
/** A document of templates: what is parsed into it loads nothing, and is not held against the dashboard's policy. */
const inert = document.createElement('template').content.ownerDocument;
/** Characters in which the `html` tag is looked for; parsing a part of a document loses it. */
const longestStart = 2_000;

/**
 * A mail's HTML for a sandboxed frame. The dashboard's policy reaches into the frame and lets styles pass by nonce alone, so
 * attributes become rules. Links lose their addresses: a click in the frame would open them, and a link to verify an address
 * works once.
 */
export function prepareMail(html: string, nonce: string): string {
  const mail = inert.createElement('html');
  mail.innerHTML = html;
  const [, direction] = /<html\b[^>]*\bdir\s*=\s*["']?(rtl|ltr)/i.exec(html.slice(0, longestStart)) ?? [];
  if (direction !== undefined) mail.dir = direction;
  for (const element of mail.querySelectorAll(dropped)) element.remove();
  for (const link of mail.querySelectorAll('a, area'))
    for (const name of ['href', 'xlink:href', 'ping']) link.removeAttribute(name);
  const rules: string[] = [];
  for (const element of mail.querySelectorAll('[style]')) {
    const number = String(rules.length);
    element.setAttribute(mark, number);
    // Thrice, to win over the mail's own rules as the attribute does.
    rules.push(`${`[${mark}="${number}"]`.repeat(3)} { ${element.getAttribute('style')} }`);
    element.removeAttribute('style');
  }
  for (const style of mail.querySelectorAll('style')) style.setAttribute('nonce', nonce);
  const head = mail.querySelector('head');
  head?.prepend(makeStyle(nonce, plainLooks));
  head?.append(makeStyle(nonce, rules.join('\n')));
  return `<!doctype html>${mail.outerHTML}`;
}

function makeStyle(nonce: string, rules: string): HTMLStyleElement {
  const style = inert.createElement('style');
  style.setAttribute('nonce', nonce);
  style.textContent = rules;
  return style;
}
