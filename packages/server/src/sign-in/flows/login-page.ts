import { type Field, fill, type Page, type Texts } from '../pages/index.ts';

/** Which of the two steps a page asks for; `both` on one page, unless the tenant wants the identifier first. */
export type LoginStep = 'both' | 'identifier' | 'password';

export type LoginProblem =
  | 'wrongCredentials'
  | 'tooManyWrongPasswords'
  | 'missing'
  | 'missingUsername'
  | 'missingPassword';

const paths = {
  both: '/u/login',
  identifier: '/u/login/identifier',
  password: '/u/login/password',
} as const;

/** The page that asks who somebody is. */
export function makeLoginPage(
  texts: Texts,
  options: {
    readonly step: LoginStep;
    readonly applicationName: string;
    readonly identifier: string;
    readonly problem: LoginProblem | undefined;
    readonly state: string;
    readonly csrf: string;
    readonly offersReset: boolean;
    readonly offersSignUp: boolean;
  },
): Page {
  const { step, identifier, problem } = options;
  const state = encodeURIComponent(options.state);
  const { login } = texts.login;
  const screen = {
    both: login,
    identifier: texts['login-id']['login-id'],
    password: texts['login-password']['login-password'],
  }[step];
  const values = { clientName: options.applicationName };
  const hasPassword = step !== 'identifier';
  const fields: Field[] = [];
  if (step !== 'password')
    fields.push({
      name: 'username',
      label: login.usernameLabel,
      type: 'text',
      autocomplete: 'username',
      maxLength: 320,
      value: identifier,
    });
  if (hasPassword)
    fields.push({
      name: 'password',
      label: login.passwordLabel,
      type: 'password',
      autocomplete: 'current-password',
    });
  return {
    pageTitle: fill(screen.pageTitle, values),
    title: fill(screen.title, values),
    description: fill(screen.description, values),
    problem: problem && login[problem],
    person:
      step === 'password'
        ? {
            text: identifier,
            label: texts['login-password']['login-password'].editText,
            url: `/u/login/identifier?state=${state}`,
          }
        : undefined,
    form: {
      action: paths[step],
      hidden: {
        state: options.state,
        csrf: options.csrf,
        ...(step === 'password' ? { username: identifier } : {}),
      },
      fields,
      link:
        options.offersReset && hasPassword
          ? { label: login.forgotPasswordText, url: `/u/reset-password/request?state=${state}` }
          : undefined,
      buttons: [{ label: login.buttonText }],
    },
    links: options.offersSignUp
      ? [{ text: login.footerText, label: login.footerLinkText, url: `/u/signup?state=${state}` }]
      : [],
  };
}
