import { translate } from '../../texts/texts.ts';

export const homeTexts = translate({
  en: {
    firstSteps: 'First steps',
    hide: 'Hide them',
    done: 'done',
    users: 'Bring your users',
    usersHint:
      'Nobody but the team is here yet. Import a file of users, passwords included, or make the first one by hand.',
    importUsers: 'Import users',
    createUser: 'Create a user',
    application: 'Create an application',
    applicationHint:
      'It is what people sign in to. Its quick start has the code for yours; it needs the address that they come back to.',
    toApplications: 'To the applications',
    signIn: 'Try the sign-in',
    signInHint:
      'Sign in to your application as one of your users would, and see the profile that comes of it.',
    trySignIn: 'Try it',
  },
  de: {
    firstSteps: 'Erste Schritte',
    hide: 'Ausblenden',
    done: 'erledigt',
    users: 'Holen Sie Ihre Benutzer',
    usersHint:
      'Außer dem Team ist noch niemand da. Importieren Sie eine Datei mit Benutzern samt Passwörtern, oder legen Sie den ersten von Hand an.',
    importUsers: 'Benutzer importieren',
    createUser: 'Einen Benutzer anlegen',
    application: 'Legen Sie eine Anwendung an',
    applicationHint:
      'Bei ihr melden sich die Leute an. Ihr Schnellstart enthält den Code für Ihre; sie braucht die Adresse, zu der sie zurückkehren.',
    toApplications: 'Zu den Anwendungen',
    signIn: 'Probieren Sie die Anmeldung aus',
    signInHint:
      'Melden Sie sich bei Ihrer Anwendung an, wie es einer Ihrer Benutzer täte, und sehen Sie, welches Profil dabei entsteht.',
    trySignIn: 'Ausprobieren',
  },
});
