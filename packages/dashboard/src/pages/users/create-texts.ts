import { translate } from '../../texts/texts.ts';

export const createTexts = translate({
  en: {
    generated: 'Make one',
    generatedHint: 'It is shown once, to be handed over.',
    invite: 'Invite by mail',
    inviteHint: 'A link to choose their own goes to the address. Nobody else knows a password until then.',
    typed: 'Type one',
    password: 'Their password',
    made: 'The user was created. This password is shown only now:',
    openUser: 'Open the user',
    invited: 'The user was created, and the invitation is on its way.',
    notInvited: 'The user was created, but the invitation was not sent:',
  },
  de: {
    generated: 'Eines erzeugen',
    generatedHint: 'Es wird einmal gezeigt, zum Weitergeben.',
    invite: 'Per Mail einladen',
    inviteHint:
      'Ein Link, um selbst eines zu wählen, geht an die Adresse. Bis dahin kennt niemand ein Passwort.',
    typed: 'Eines eingeben',
    password: 'Das Passwort',
    made: 'Der Benutzer wurde angelegt. Dieses Passwort wird nur jetzt gezeigt:',
    openUser: 'Benutzer öffnen',
    invited: 'Der Benutzer wurde angelegt, und die Einladung ist unterwegs.',
    notInvited: 'Der Benutzer wurde angelegt, aber die Einladung wurde nicht gesendet:',
  },
});
