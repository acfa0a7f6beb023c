import type { Application } from './application-queries.ts';
import { applicationTexts } from './texts.ts';

export interface QuickStartSteps {
  readonly steps: readonly { readonly title: string; readonly text: string }[];
  /** Where people come back to in them; none when nobody signs in. */
  readonly callback?: string;
}

/** How an application of its kind signs people in or calls an API, with the libraries that are made for it. */
export function writeQuickStart(application: Application, origin: string): QuickStartSteps {
  const { client_id: id = '', callbacks } = application;
  switch (application.app_type) {
    case 'non_interactive':
      return writeMachine(id, origin);
    case 'spa':
      return writeBrowser(id, origin, callbacks?.[0] ?? 'http://localhost:5173');
    case 'native':
      return writeNative(id, origin, callbacks?.[0] ?? 'http://127.0.0.1:8123/callback');
    default:
      return writeWeb(id, origin, callbacks?.[0] ?? 'http://localhost:3000/callback');
  }
}

function writeBrowser(id: string, origin: string, callback: string): QuickStartSteps {
  return {
    callback,
    steps: [
      { title: applicationTexts.install, text: 'npm install @auth0/auth0-spa-js' },
      {
        title: applicationTexts.use,
        text: `import { createAuth0Client } from '@auth0/auth0-spa-js';

const client = await createAuth0Client({
  domain: '${origin}',
  clientId: '${id}',
  authorizationParams: { redirect_uri: '${callback}' },
});
if (location.search.includes('code=')) {
  await client.handleRedirectCallback();
  history.replaceState({}, '', location.pathname);
}
if (await client.isAuthenticated()) {
  console.log(await client.getUser());
} else {
  await client.loginWithRedirect();
}`,
      },
    ],
  };
}

function writeWeb(id: string, origin: string, callback: string): QuickStartSteps {
  const { origin: base, pathname } = new URL(callback);
  return {
    callback,
    steps: [
      { title: applicationTexts.install, text: 'npm install express express-openid-connect' },
      {
        title: applicationTexts.use,
        text: `import express from 'express';
import { auth, requiresAuth } from 'express-openid-connect';

const app = express();
app.use(
  auth({
    issuerBaseURL: '${origin}/',
    baseURL: '${base}',
    clientID: '${id}',
    clientSecret: process.env.CLIENT_SECRET,
    secret: process.env.SESSION_SECRET, // 32 random characters of your own
    clientAuthMethod: 'client_secret_post',
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
    routes: { callback: '${pathname}' },
    authRequired: false,
  }),
);
app.get('/profile', requiresAuth(), (request, response) => response.json(request.oidc.user));
app.listen(${new URL(callback).port || 3000});`,
      },
    ],
  };
}

function writeNative(id: string, origin: string, callback: string): QuickStartSteps {
  return {
    callback,
    steps: [
      {
        title: applicationTexts.use,
        text: `curl --request POST ${origin}/oauth/device/code \\
  --data client_id=${id} --data 'scope=openid profile offline_access'`,
      },
      {
        title: applicationTexts.getToken,
        text: `curl --request POST ${origin}/oauth/token \\
  --data grant_type=urn:ietf:params:oauth:grant-type:device_code \\
  --data client_id=${id} --data device_code=DEVICE_CODE`,
      },
    ],
  };
}

function writeMachine(id: string, origin: string): QuickStartSteps {
  return {
    steps: [
      {
        title: applicationTexts.getToken,
        text: `curl --request POST ${origin}/oauth/token \\
  --data grant_type=client_credentials \\
  --data client_id=${id} --data client_secret="$CLIENT_SECRET" \\
  --data audience=${origin}/api/v2/`,
      },
      {
        title: applicationTexts.callApi,
        text: `import { ManagementClient } from 'auth0';

const management = new ManagementClient({
  domain: '${new URL(origin).host}',
  clientId: '${id}',
  clientSecret: process.env.CLIENT_SECRET,
});
const page = await management.users.list({ q: 'email:*@example.com' });
for (const user of page.data) console.log(user.user_id);`,
      },
    ],
  };
}
