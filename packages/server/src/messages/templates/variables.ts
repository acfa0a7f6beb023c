import type { Application } from '../../applications/index.ts';
import type { User } from '../../users/index.ts';

type Variables = Readonly<Record<string, unknown>>;

/** `application` and its older name `client`; `callback_domain` is the origin of the first callback. */
export function describeApplication(application: Application | undefined): Variables {
  const callback = application?.callbacks.find((url) => URL.canParse(url));
  const origin = callback === undefined ? undefined : new URL(callback).origin;
  const described = application
    ? {
        name: application.name,
        clientID: application.clientId,
        // Custom schemes have the origin `null`.
        callback_domain: origin === 'null' ? '' : (origin ?? ''),
        client_metadata: application.clientMetadata,
      }
    : {};
  return { application: described, client: described };
}

/** `user` as templates know it. All of it may be the user's own text: it is escaped where it is shown. */
export function describeUser(user: User): Variables {
  return {
    user_id: user.userId,
    email: user.email,
    email_verified: user.emailVerified ?? false,
    username: user.username,
    name: user.name ?? user.email,
    nickname: user.nickname,
    given_name: user.givenName,
    family_name: user.familyName,
    picture: user.picture,
    app_metadata: user.appMetadata ?? {},
    user_metadata: user.userMetadata ?? {},
  };
}

/** Whose server sends the mail, and in which language. */
export function describeTenant(
  settings: Variables,
  publicUrl: string,
  locale: string,
): Variables & { readonly friendly_name: string } {
  const { hostname } = new URL(publicUrl);
  const read = (name: string, fallback: string) => {
    const value = settings[name];
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  return {
    tenant: hostname,
    friendly_name: read('friendly_name', hostname),
    support_email: read('support_email', ''),
    support_url: read('support_url', ''),
    request_language: locale,
  };
}
