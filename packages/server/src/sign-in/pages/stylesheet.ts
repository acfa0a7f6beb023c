import type { Theme } from './theme.ts';

/**
 * The pages' style. Directions are logical, so that right-to-left languages need none of their own.
 * @param fontUrl of a font file, as `toSafeUrl` gives it
 */
export function createStylesheet(theme: Theme, fontUrl?: string): string {
  return `${fontUrl === undefined ? '' : describeFont(fontUrl)}
:root{--primary:${theme.primary};--on-primary:${theme.onPrimary};--accent:${theme.accent};--page:${theme.background};--beside:${theme.accentOnBackground};--card:#fff;--text:#16181d;--quiet:#5b616e;--line:#8b92a0;--field:#fff;--wrong:#b42318;--wrong-page:#fef3f2;--right:#067647;--right-page:#ecfdf3}
@media (prefers-color-scheme:dark){:root{--accent:${theme.accentOnDark};--beside:${theme.accentOnDark};--page:#111216;--card:#1c1d22;--text:#f2f3f5;--quiet:#a9afbc;--line:#6d7483;--field:#25272e;--wrong:#ff9c91;--wrong-page:#3a1a18;--right:#6ce0a4;--right-page:#12301f}}
*{box-sizing:border-box}
html{font:16px/1.5 ${fontUrl === undefined ? '' : 'brand,'}system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:1.25rem;padding:1.5rem 1rem;background:var(--page);color:var(--text)}
main{width:100%;max-width:25rem;padding:2.25rem 2rem;border-radius:1rem;background:var(--card);box-shadow:0 1px 2px rgb(16 24 40/.06),0 12px 32px rgb(16 24 40/.08)}
.brand{margin:0 0 1.5rem;text-align:center;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
.brand img{display:inline-block;height:2.5rem;max-width:100%;object-fit:contain}
h1{margin:0;font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.015em;text-align:center;text-wrap:balance;overflow-wrap:anywhere;hyphens:auto}
:lang(ja){line-break:strict;word-break:auto-phrase}
.description{margin:.5rem 0 0;text-align:center;text-wrap:balance;color:var(--quiet);overflow-wrap:anywhere}
.person{display:flex;flex-wrap:wrap;gap:.25rem .75rem;justify-content:space-between;margin:1.25rem 0 0;padding:.625rem .875rem;border:1px solid var(--line);border-radius:.625rem;overflow-wrap:anywhere}
.problem{margin:1.25rem 0 0;text-wrap:pretty;padding:.75rem .875rem;border-radius:.625rem;background:var(--wrong-page);color:var(--wrong);overflow-wrap:anywhere}
.items{margin:1.25rem 0 0;padding:0;list-style:none;border-block:1px solid color-mix(in srgb,var(--line) 35%,transparent)}
.items li{padding:.75rem 0;overflow-wrap:anywhere}
.items li+li{border-block-start:1px solid color-mix(in srgb,var(--line) 35%,transparent)}
.code{margin:1.25rem 0 0;text-align:center;font:650 1.75rem/1.3 ui-monospace,"SF Mono",Menlo,Consolas,monospace;letter-spacing:.08em;overflow-wrap:anywhere}
form{margin:1.5rem 0 0}
.field{margin:0 0 1rem}
label{display:block;margin:0 0 .375rem;font-size:.9375rem;font-weight:550}
.check{display:flex;gap:.625rem;align-items:flex-start;font-weight:400}
.check input{width:1.25rem;height:1.25rem;min-height:0;margin:.125rem 0 0;flex:none;accent-color:var(--accent)}
.hint{font-weight:400;color:var(--quiet)}
input:not([type=checkbox]),select{display:block;width:100%;min-height:2.875rem;padding:.5rem .875rem;border:1px solid var(--line);border-radius:.625rem;background:var(--field);color:inherit;font:inherit}
input[aria-invalid]{border-color:var(--wrong)}
.code-input{text-align:center;text-transform:uppercase;letter-spacing:.12em;font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:.25rem}
input:focus-visible,select:focus-visible{outline-offset:0;border-color:transparent;border-radius:.625rem}
.password{position:relative}
.password input{padding-inline-end:3.25rem}
.reveal{position:absolute;inset-block:1px;inset-inline-end:1px;width:2.875rem;min-height:2.75rem;padding:0;display:grid;place-items:center;border:0;border-radius:.5rem;background:none;color:var(--quiet);cursor:pointer}
.reveal[hidden]{display:none}
.reveal[aria-pressed=true]{color:var(--accent)}
svg{width:1.375rem;height:1.375rem;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.field-problem{margin:.375rem 0 0;text-wrap:pretty;font-size:.9375rem;color:var(--wrong);white-space:pre-line;overflow-wrap:anywhere}
.rules{margin:.625rem 0 0;font-size:.875rem;color:var(--quiet)}
.rules p{margin:0}
.rules ul{margin:.25rem 0 0;padding-inline-start:1.25rem}
.rules li[data-is-kept]{color:var(--right)}
.kept:not(:empty){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
li[data-is-kept]::marker{content:"✓ "}
.beside{margin:-.25rem 0 1rem;font-size:.9375rem}
.buttons{display:flex;flex-direction:column;gap:.625rem}
.buttons button{min-height:2.875rem;padding:.625rem 1rem;border:1px solid transparent;border-radius:.625rem;font:inherit;font-weight:600;cursor:pointer}
.main{background:var(--primary);color:var(--on-primary)}
.main:hover{filter:brightness(1.06)}
.other{background:transparent;color:inherit;border-color:var(--line)!important}
.other:hover{background:color-mix(in srgb,var(--line) 15%,transparent)}
.buttons button[aria-disabled=true]{opacity:.65;cursor:progress}
a{color:var(--accent);font-weight:550;text-decoration:none;border-radius:.25rem}
a:hover{text-decoration:underline}
.more{margin:1.25rem 0 0;text-align:center;text-wrap:balance;font-size:.9375rem;color:var(--quiet)}
.trace{margin:1.25rem 0 0;text-align:center;font-size:.875rem;color:var(--quiet);overflow-wrap:anywhere}
footer{font-size:.875rem}
footer a{color:var(--beside);outline-color:var(--beside)}
.copy{min-height:2.75rem;padding:0 .625rem;border:0;background:none;color:var(--accent);font:inherit;font-weight:550;cursor:pointer}
.symbol{width:3.25rem;height:3.25rem;margin:0 auto 1rem;display:grid;place-items:center;border-radius:50%;background:color-mix(in srgb,var(--line) 20%,transparent)}
.symbol.done{background:var(--right-page);color:var(--right)}
.symbol.problem{margin:0 auto 1rem;padding:0;border-radius:50%;background:var(--wrong-page);color:var(--wrong)}
@media (max-width:30rem){body{justify-content:flex-start;padding:0;background:var(--card)}main{max-width:none;padding:2rem 1.25rem;border-radius:0;box-shadow:none}footer{padding:0 1.25rem 2rem}footer a{color:var(--accent);outline-color:var(--accent)}}
@media (prefers-reduced-motion:no-preference){button,a,input{transition:background-color .12s,border-color .12s,filter .12s}}
@media (forced-colors:active){main,.problem{border:1px solid}}
`.trim();
}

/** Text is readable before the font has come, and stays so where it does not. */
function describeFont(url: string): string {
  return `@font-face{font-family:brand;font-display:swap;src:url("${url.replaceAll(/["\\<\s]/g, encodeURIComponent)}")}`;
}
