/**
 * What pages gain where script runs: passwords can be looked at, rules are marked while typing, a form is sent
 * once, references can be copied.
 * Nothing needs it.
 */
export const script = `
for (const button of document.querySelectorAll('.reveal')) {
  const input = button.previousElementSibling;
  button.hidden = false;
  button.addEventListener('click', () => {
    const isShown = input.type === 'password';
    input.type = isShown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(isShown));
    button.setAttribute('aria-label', isShown ? button.dataset.hide : button.dataset.show);
    input.focus();
  });
  input.form.addEventListener('submit', () => { input.type = 'password'; });
}
for (const list of document.querySelectorAll('[data-of]')) {
  const input = document.getElementById(list.dataset.of);
  const mark = () => {
    for (const rule of list.querySelectorAll('[data-pattern]')) {
      const isKept = new RegExp(rule.dataset.pattern, 'su').test(input.value);
      rule.toggleAttribute('data-is-kept', isKept);
      rule.querySelector('.kept').textContent = isKept ? ' (' + list.dataset.kept + ')' : '';
    }
  };
  input.addEventListener('input', mark);
  mark();
}
for (const button of document.querySelectorAll('.copy')) {
  // Browsers have no clipboard for pages without TLS.
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.ofText).textContent);
    button.textContent = button.dataset.copied;
  });
}
for (const form of document.forms) {
  let isSent = false;
  form.addEventListener('submit', (event) => {
    if (isSent) return event.preventDefault();
    isSent = true;
    for (const button of form.querySelectorAll('.buttons button')) button.setAttribute('aria-disabled', 'true');
  });
  // A page that is come back to can be sent again.
  addEventListener('pageshow', () => {
    isSent = false;
    for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
  });
}
`.trim();
