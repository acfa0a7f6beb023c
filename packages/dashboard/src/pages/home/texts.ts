import { translate } from '../../texts/texts.ts';

export const homeTexts = translate({
  en: {
    firstSteps: 'First steps',
    firstStepsHint:
      'Nobody but you is here yet. Bring your users, passwords included, make the first one by hand, or let an application sign people in.',
    importUsers: 'Import users',
    createUser: 'Create a user',
    connectApplication: 'Connect an application',
  },
  de: {
    firstSteps: 'Erste Schritte',
    firstStepsHint:
      'Außer Ihnen ist noch niemand da. Holen Sie Ihre Benutzer samt Passwörtern, legen Sie den ersten von Hand an, oder lassen Sie eine Anwendung Leute anmelden.',
    importUsers: 'Benutzer importieren',
    createUser: 'Einen Benutzer anlegen',
    connectApplication: 'Eine Anwendung anbinden',
  },
});
