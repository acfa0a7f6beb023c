import { translate } from '../../../texts/texts.ts';

export const deletedTexts = translate({
  en: {
    title: 'Deleted users',
    hint: 'Users who were deleted here can be brought back for {days} days, with their password, metadata and identities. Afterwards nothing is left of them.',
    hintOff: 'The recovery window is switched off: who is deleted is gone at once. Settings change that.',
    search: 'Find by an email, a name, a phone number or an id',
    nobody: 'Nobody was deleted lately',
    nobodyHint: 'Whoever is deleted from the dashboard waits here, in case it was a mistake.',
    deletedAt: 'Deleted',
    deletedBy: 'By',
    until: 'Gone for good',
    restore: 'Restore',
    purge: 'Delete for good',
    purgeTitle: 'Delete for good?',
    purgeHint: 'Nothing is left of {text}, and nothing brings them back. Type {text} to go on.',
    restored: '{name} is back.',
    open: 'Open',
    deleted: '{name} was deleted.',
    undo: 'Undo',
    more: 'Earlier deletions',
    restorable:
      'They lose their sessions and cannot sign in any more. For {days} days they can be restored. Type {text} to go on.',
  },
  de: {
    title: 'Gelöschte Benutzer',
    hint: 'Wer hier gelöscht wurde, kann {days} Tage lang zurückgeholt werden, mit Passwort, Metadaten und Identitäten. Danach bleibt nichts.',
    hintOff: 'Die Frist ist abgeschaltet: Wer gelöscht wird, ist sofort weg. Das steht in den Einstellungen.',
    search: 'Nach E-Mail-Adresse, Name, Telefonnummer oder Kennung finden',
    nobody: 'In letzter Zeit wurde niemand gelöscht',
    nobodyHint: 'Wer im Dashboard gelöscht wird, wartet hier, falls es ein Versehen war.',
    deletedAt: 'Gelöscht',
    deletedBy: 'Von',
    until: 'Endgültig weg',
    restore: 'Wiederherstellen',
    purge: 'Endgültig löschen',
    purgeTitle: 'Endgültig löschen?',
    purgeHint:
      'Von {text} bleibt nichts, und nichts bringt den Benutzer zurück. Geben Sie {text} ein, um fortzufahren.',
    restored: '{name} ist wieder da.',
    open: 'Öffnen',
    deleted: '{name} wurde gelöscht.',
    undo: 'Rückgängig',
    more: 'Frühere Löschungen',
    restorable:
      'Die Sitzungen enden, und niemand meldet sich mehr so an. {days} Tage lang kann der Benutzer wiederhergestellt werden. Geben Sie {text} ein, um fortzufahren.',
  },
});
