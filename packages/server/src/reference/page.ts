/** The page at `/docs`: everything it loads comes from this server, so it works without a network. */
export const referencePage = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Muster API reference</title>
  <link rel="icon" type="image/png" sizes="32x32" href="/docs/assets/favicon-32x32.png">
  <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
  <link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
  <header>
    <h1>Muster API reference</h1>
    <p>Get a token from <code>/oauth/token</code>, press <b>Authorize</b>, paste it, and try any operation. The
    machine-readable document is <a href="/openapi.json">openapi.json</a>.</p>
  </header>
  <main id="reference"><noscript>This page needs JavaScript; <a href="/openapi.json">openapi.json</a> does not.</noscript></main>
  <script src="/docs/assets/swagger-ui-bundle.js"></script>
  <script src="/docs/reference.js"></script>
</body>
</html>
`;

export const referenceStyle = `body { margin: 0; font-family: system-ui, sans-serif; color: #1f2933; background: #fff; }
header { max-width: 1460px; margin: 0 auto; padding: 24px 20px 0; box-sizing: border-box; }
header h1 { margin: 0 0 8px; font-size: 28px; }
header p { margin: 0; max-width: 70ch; line-height: 1.5; }
.swagger-ui .info { display: none; }
`;

/** `validatorUrl: null` keeps Swagger UI from sending the document's address to its makers' validator. */
export const referenceScript = `window.addEventListener('load', () => {
  window.SwaggerUIBundle({
    url: '/openapi.json',
    domNode: document.getElementById('reference'),
    deepLinking: true,
    docExpansion: 'none',
    defaultModelsExpandDepth: -1,
    filter: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
});
`;

/** Swagger UI sets style attributes and shows its icons as data: images; scripts come from this server alone. */
export const referencePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
