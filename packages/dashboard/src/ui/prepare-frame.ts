/** What loads or leads somewhere without a click. */
const dropped = 'script, iframe, frame, frameset, object, embed, base, link, meta[http-equiv]';
/** Plain links look like links although they lead nowhere here. */
const plainLooks = 'body { font-family: sans-serif; } a { color: #1f4fd8; text-decoration: underline; }';
const mark = 'data-muster-style';
/** What a `style` attribute is called before it is parsed: the parser would hold it against the dashboard's policy. */
const renamed = 'data-muster-inline';

/**
 * A mail's HTML for a sandboxed frame. The dashboard's policy reaches into the frame and lets styles pass by nonce alone, so
 * attributes become rules. Links lose their addresses: a click in the frame would open them, and a link to verify an address
 * works once.
 */
export function prepareFrame(html: string, nonce: string): string {
  const mail = new DOMParser().parseFromString(
    html.replace(/<[a-z][^>]*>/gi, (tag) =>
      markStyle(tag, nonce).replace(/(\s)style(\s*=)/gi, `$1${renamed}$2`),
    ),
    'text/html',
  );
  for (const element of mail.querySelectorAll(dropped)) element.remove();
  for (const link of mail.querySelectorAll('a, area'))
    for (const name of ['href', 'xlink:href', 'ping']) link.removeAttribute(name);
  // A frame that runs nothing may not take the focus either; browsers complain.
  for (const field of mail.querySelectorAll('[autofocus]')) field.removeAttribute('autofocus');
  const rules: string[] = [];
  for (const element of mail.querySelectorAll(`[${renamed}]`)) {
    const number = String(rules.length);
    element.setAttribute(mark, number);
    // Thrice, to win over the mail's own rules as the attribute does.
    rules.push(`${`[${mark}="${number}"]`.repeat(3)} { ${element.getAttribute(renamed)} }`);
    element.removeAttribute(renamed);
  }
  mail.head.prepend(makeStyle(mail, nonce, plainLooks));
  mail.head.append(makeStyle(mail, nonce, rules.join('\n')));
  return `<!doctype html>${mail.documentElement.outerHTML}`;
}

/** The parser holds a `style` element against the policy as well, so its nonce is ours before it is parsed. */
function markStyle(tag: string, nonce: string): string {
  if (!/^<style\b/i.test(tag)) return tag;
  const bare = tag.replace(/\snonce\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, '');
  return bare.replace(/^<style/i, `<style nonce="${nonce}"`);
}

function makeStyle(mail: Document, nonce: string, rules: string): HTMLStyleElement {
  const style = mail.createElement('style');
  style.setAttribute('nonce', nonce);
  style.textContent = rules;
  return style;
}
