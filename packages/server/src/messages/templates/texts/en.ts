import type { MessageTexts } from './message-text.ts';

const app = '{{ application.name | default: friendly_name }}';

export const en: MessageTexts = {
  locale: 'en',
  direction: 'ltr',
  linkHint: 'If the button does not work, copy this address into your browser:',
  support: 'Questions? Write to',
  messages: {
    verify_email: {
      subject: 'Confirm your e-mail address',
      heading: 'Confirm your e-mail address',
      paragraphs: [
        `Please confirm that {{ user.email }} is your address, so that you can use it with ${app}.`,
      ],
      button: 'Confirm address',
      notice: 'If you did not create an account, you can ignore this message.',
    },
    verify_email_by_code: {
      subject: 'Your verification code',
      heading: 'Confirm your e-mail address',
      paragraphs: [`Enter this code to confirm your address for ${app}.`],
      code: 'Your code',
      notice: 'If you did not ask for it, you can ignore this message.',
    },
    auth_email_by_code: {
      subject: 'Your sign-in code',
      heading: 'Your sign-in code',
      paragraphs: [`Enter this code to sign in to ${app}.`],
      code: 'Your code',
      notice: 'Never pass the code on. If you did not try to sign in, you can ignore this message.',
    },
    reset_email: {
      subject: 'Reset your password',
      heading: 'Reset your password',
      paragraphs: [`Somebody, hopefully you, asked for a new password for your account at ${app}.`],
      button: 'Choose a new password',
      notice: 'If it was not you, ignore this message: your password stays as it is.',
    },
    reset_email_by_code: {
      subject: 'Your password reset code',
      heading: 'Reset your password',
      paragraphs: [`Enter this code to choose a new password for your account at ${app}.`],
      code: 'Your code',
      notice: 'If it was not you, ignore this message: your password stays as it is.',
    },
    welcome_email: {
      subject: `Welcome to ${app}`,
      heading: 'Welcome!',
      paragraphs: [`Your e-mail address is confirmed, and your account at ${app} is ready.`],
    },
    blocked_account: {
      subject: 'Sign-in to your account was blocked',
      heading: 'Sign-in was blocked',
      paragraphs: [
        `There were many failed attempts to sign in to your account at ${app}{% if user.source_ip %} from the address {{ user.source_ip }}{% if user.city %} ({{ user.city }}, {{ user.country }}){% endif %}{% endif %}. We stopped further attempts from there.`,
      ],
      button: 'It was me: unblock',
      notice: 'If it was not you, somebody may be guessing your password. Make sure that it is a strong one.',
    },
    stolen_credentials: {
      subject: 'Your password is known to others',
      heading: 'Change your password',
      paragraphs: [
        `The password of your account at ${app} appears in a list of passwords that were stolen elsewhere. Change it here and wherever else you use it.`,
      ],
    },
    enrollment_email: {
      subject: 'Set up a second step for signing in',
      heading: 'Protect your account',
      paragraphs: ['You were asked to add a second step to your sign-in, such as an app on your phone.'],
      button: 'Set it up',
    },
    mfa_oob_code: {
      subject: 'Your verification code',
      heading: 'Your verification code',
      paragraphs: [`Enter this code to finish signing in to ${app}.`],
      code: 'Your code',
      notice:
        'Never pass the code on. If you did not try to sign in, somebody knows your password: change it.',
    },
    user_invitation: {
      subject:
        '{% if inviter.name %}{{ inviter.name }} invites you{% else %}You are invited{% endif %}{% if organization.display_name %} to {{ organization.display_name }}{% endif %}',
      heading: 'You are invited',
      paragraphs: [
        `{% if inviter.name %}{{ inviter.name }} invites you{% else %}You are invited{% endif %} to join {{ organization.display_name | default: friendly_name }}.`,
      ],
      button: 'Accept the invitation',
      notice: 'If you do not know what this is about, you can ignore this message.',
    },
    async_approval: {
      subject: 'Approve a sign-in',
      heading: 'Approve a sign-in',
      paragraphs: [`${app} asks for your approval. Open the link only if you expected this.`],
      button: 'Look at the request',
    },
    import_report: {
      subject: 'Import into {{ connection.name }}: {% if import.is_failed %}failed{% else %}done{% endif %}',
      heading: '{% if import.is_failed %}An import failed{% else %}An import is done{% endif %}',
      paragraphs: [
        'The import of users into {{ connection.name }} {% if import.is_failed %}stopped before its end: {{ import.problem }}{% else %}has read its whole file.{% endif %}',
        'Inserted: {{ import.inserted }}. Updated: {{ import.updated }}. Unchanged: {{ import.unchanged }}. Failed: {{ import.failed }}.',
      ],
      button: 'Look at the rows',
    },
  },
};
