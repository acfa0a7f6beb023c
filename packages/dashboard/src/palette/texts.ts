import { translate } from '../texts/texts.ts';

export const paletteTexts = translate({
  en: {
    open: 'Go to…',
    label: 'Find a user, a page or an action',
    nothing: 'Nothing is called so',
    goTo: 'Page',
    action: 'Action',
    createUser: 'Create a user',
    importUsers: 'Import users',
    exportUsers: 'Export users',
    blockedUsers: 'Users who are blocked',
    unverifiedUsers: 'Users whose email is not verified',
    searchAll: 'Search all users for “{text}”',
  },
  de: {
    open: 'Gehe zu …',
    label: 'Benutzer, Seite oder Aktion finden',
    nothing: 'So heißt nichts',
    goTo: 'Seite',
    action: 'Aktion',
    createUser: 'Einen Benutzer anlegen',
    importUsers: 'Benutzer importieren',
    exportUsers: 'Benutzer exportieren',
    blockedUsers: 'Gesperrte Benutzer',
    unverifiedUsers: 'Benutzer mit unbestätigter E-Mail-Adresse',
    searchAll: 'Alle Benutzer nach „{text}“ durchsuchen',
  },
});
