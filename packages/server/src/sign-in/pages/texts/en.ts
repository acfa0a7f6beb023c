/**
 * The pages' texts by prompt, screen and key, as custom texts name them; `${…}` is filled in. The other languages have
 * the same keys, by their type.
 */
export const en = {
  login: {
    login: {
      pageTitle: 'Sign in | ${clientName}',
      title: 'Welcome back',
      description: 'Sign in to continue to ${clientName}.',
      usernameLabel: 'Email address or username',
      passwordLabel: 'Password',
      buttonText: 'Continue',
      forgotPasswordText: 'Forgot your password?',
      footerText: 'New here?',
      footerLinkText: 'Create an account',
      wrongCredentials: 'Wrong email or password.',
      tooManyAttempts: 'Too many attempts. Wait a moment, then try again.',
      tooManyWrongPasswords:
        'Sign-in is blocked after too many wrong passwords. If there is such an account, we have sent it a message that says how to unblock it.',
      missing: 'Enter your email address or username and your password.',
      missingUsername: 'Enter your email address or username.',
      missingPassword: 'Enter your password.',
      separatorText: 'or',
      federatedButton: 'Continue with ${connectionName}',
    },
  },
  'login-id': {
    'login-id': {
      pageTitle: 'Sign in | ${clientName}',
      title: 'Welcome',
      description: 'Sign in to continue to ${clientName}.',
    },
  },
  'login-password': {
    'login-password': {
      pageTitle: 'Enter your password | ${clientName}',
      title: 'Enter your password',
      description: 'to continue to ${clientName}.',
      editText: 'Change',
    },
  },
  signup: {
    signup: {
      pageTitle: 'Create an account | ${clientName}',
      title: 'Create your account',
      description: 'Sign up to continue to ${clientName}.',
      emailLabel: 'Email address',
      usernameLabel: 'Username',
      phoneLabel: 'Phone number',
      passwordLabel: 'Password',
      buttonText: 'Continue',
      footerText: 'Already have an account?',
      footerLinkText: 'Sign in',
      disabled: 'Sign-up is switched off.',
      invalidEmail: 'This email address cannot be used here.',
      invalidUsername: 'This username cannot be used here.',
      invalidPhone: 'This phone number cannot be used here. Write it with + and the country code.',
      exists:
        'This account cannot be created. Perhaps you have one already: sign in, or choose a new password.',
      missing: 'Fill this in.',
      weakPassword: 'This password does not meet the rules below.',
    },
  },
  'reset-password': {
    'reset-password-request': {
      pageTitle: 'Reset your password',
      title: 'Forgot your password?',
      description: 'Enter your email address, and we will send you a link to choose a new one.',
      emailLabel: 'Email address or username',
      buttonText: 'Send the link',
      backText: 'Back to sign-in',
      disabled: 'Passwords cannot be reset here.',
    },
    'reset-password-email': {
      pageTitle: 'Check your email',
      title: 'Check your email',
      description: 'If there is an account with this address, a link to choose a new password is on its way.',
      again: 'No mail? Look into the spam folder, or ask for another one.',
      againLink: 'Ask again',
    },
    'reset-password': {
      pageTitle: 'Choose a new password',
      title: 'Choose a new password',
      description: 'You will be signed out everywhere else.',
      passwordLabel: 'New password',
      buttonText: 'Change password',
    },
    'reset-password-success': {
      pageTitle: 'Password changed',
      title: 'Password changed',
      description: 'You can now sign in with the new password.',
    },
    'reset-password-error': {
      pageTitle: 'This link does not work',
      title: 'This link does not work any more',
      expired: 'It has expired. Ask for another one where you sign in.',
      used: 'It has been used already. Ask for another one where you sign in.',
      unknown: 'It is not complete or is not ours. Open it from the email again, or ask for another one.',
    },
  },
  'email-verification': {
    'email-verification-result': {
      pageTitle: 'Email verification',
      verifiedTitle: 'Email verified',
      verifiedDescription: 'Your email address was verified. You can go on in the application.',
      errorTitle: 'This link does not work any more',
      expired: 'It has expired. Ask for another one in the application.',
      used: 'Your email address was verified with it already.',
      unknown: 'It is not complete or is not ours. Open it from the email again.',
    },
  },
  'brute-force-protection': {
    'brute-force-protection-unblock': {
      pageTitle: 'Unblock sign-in',
      title: 'Unblock sign-in?',
      description:
        'Sign-in to your account was blocked for the address ${ip} after too many wrong passwords. If that was you, unblock it.',
      everywhere:
        'Sign-in to your account was blocked after too many wrong passwords. If that was you, unblock it.',
      buttonText: 'Unblock',
    },
    'brute-force-protection-unblock-success': {
      pageTitle: 'Sign-in unblocked',
      title: 'Sign-in unblocked',
      description:
        'You can sign in again. If you do not know your password any more, choose a new one where you sign in.',
    },
    'brute-force-protection-unblock-failure': {
      pageTitle: 'This link does not work',
      title: 'This link does not work any more',
      expired: 'It has expired. A new password unblocks sign-in as well.',
      used: 'Sign-in has been unblocked with it already.',
      unknown: 'It is not complete or is not ours. Open it from the email again.',
    },
  },
  consent: {
    consent: {
      pageTitle: 'Authorize ${clientName}',
      title: 'Authorize ${clientName}',
      description: '${clientName} asks for access to your account:',
      acceptButtonText: 'Accept',
      declineButtonText: 'Decline',
      profile: 'Your name and picture',
      email: 'Your email address',
      phone: 'Your phone number',
      address: 'Your address',
      offlineAccess: 'Access while you are away',
      openid: 'Your user ID',
    },
  },
  'device-flow': {
    'device-code-activation': {
      pageTitle: 'Connect a device',
      title: 'Connect a device',
      description: 'Enter the code that your device shows.',
      codeLabel: 'Code',
      buttonText: 'Continue',
      wrongCode: 'This code is wrong or has expired.',
      checkDescription: 'Check that your device shows this code.',
    },
    'device-code-confirmation': {
      pageTitle: 'Connect a device',
      title: 'Is this the code on your device?',
      description: '${clientName} will be signed in there. If you did not ask for this, cancel.',
      confirmButtonText: 'Confirm',
      cancelButtonText: 'Cancel',
    },
    'device-code-activation-denied': {
      pageTitle: 'Device not connected',
      title: 'Device not connected',
      description: 'The request was declined. You can close this page.',
    },
    'device-code-activation-allowed': {
      pageTitle: 'Device connected',
      title: 'Device connected',
      description: 'Your device is signed in. You can close this page.',
    },
  },
  logout: {
    logout: {
      pageTitle: 'Sign out',
      title: 'Sign out?',
      description: 'You will be signed out of all applications that use this account.',
      buttonText: 'Sign out',
    },
    'logout-complete': {
      pageTitle: 'Signed out',
      title: 'Signed out',
      description: 'You are signed out.',
    },
  },
  common: {
    common: {
      showPassword: 'Show password',
      hidePassword: 'Hide password',
      rulesTitle: 'Your password must have:',
      ruleLength: 'at least ${count} characters',
      ruleLowercase: 'lower case letters (a–z)',
      ruleUppercase: 'upper case letters (A–Z)',
      ruleNumber: 'digits (0–9)',
      ruleSpecial: 'special characters (such as !@#$%^&*)',
      ruleSome: 'at least ${count} of these:',
      ruleIdentical: 'no character three times in a row (aaa)',
      ruleSequential: 'no sequence such as abc or 123',
      ruleHistory: 'nothing that was one of your last passwords',
      rulePersonal: 'nothing of your name or address',
      ruleDictionary: 'no common word or password',
      ruleKept: 'done',
      support: 'Get help',
      optional: 'optional',
      copy: 'Copy',
      copied: 'Copied',
      /** Between the name of something and what it is. */
      colon: ': ',
      problemCode: 'Error',
      reference: 'Reference',
    },
  },
  'error-page': {
    'error-page': {
      pageTitle: 'Something went wrong',
      title: 'This did not work',
      description: 'Go back to the application and try again.',
      expired:
        'This sign-in has ended or was begun in another browser. Go back to the application and try again.',
      forged: 'The form has expired. Go back and try again.',
      blockedTitle: 'Your account is blocked',
      blocked: 'Ask the support of ${clientName} to unblock it.',
      unknownApplication: 'The application is not known here. Ask its support for help.',
      wrongCallback: 'The application asked to be answered at an address that is not registered for it.',
      missingParameter: 'The application’s request is not complete. It lacks: ${names}.',
      wrongRequest: 'The application sent a request that cannot be answered.',
      wrongLogoutUrl: 'You are signed out. The address to go on to is not allowed, so you stay here.',
      wrongLogoutHint:
        'The application named a sign-in that is not yours or not of this server, so nobody was signed out.',
      unavailable: 'Something failed on our side. Try again in a moment.',
    },
  },
} as const;

type Texted<Screens> = {
  readonly [Prompt in keyof Screens]: {
    readonly [Screen in keyof Screens[Prompt]]: {
      readonly [Key in keyof Screens[Prompt][Screen]]: string;
    };
  };
};

/** A whole catalogue: a language that lacks a key does not compile. */
export type Texts = Texted<typeof en>;
