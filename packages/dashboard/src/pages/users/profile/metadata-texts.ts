import { translate } from '../../../texts/texts.ts';

export const metadataTexts = translate({
  en: {
    user_metadata: 'user_metadata: what the user may change',
    app_metadata: 'app_metadata: what only your applications may change',
    unfinished: 'This is not JSON yet: something is missing at the end',
    unexpected: 'This is not JSON: {text} cannot stand here (line {line})',
    notObject: 'Metadata is an object: { "key": "value" }',
    repeated: '“{key}” is here twice; only one would be kept',
    notAddressable: '“{key}”: keys have no . and no $, so that a path can name them',
    reserved: '“{key}” is reserved in app_metadata: a field of the profile has this name',
    tooPrecise: '{number} would be saved as another number: beyond 2^53 write it as a text, in quotes',
    rootNull: 'null removes a key: leave the key out instead',
    changes: 'What saving changes',
    added: 'Added',
    changed: 'Changed',
    removed: 'Removed',
    newVersion:
      'Somebody else saved meanwhile. What you wrote is kept: saving puts your changes on top of the new version.',
    bothChanged: 'Both of you changed {keys}: saving replaces theirs.',
    tidy: 'Tidy up',
    more: 'and {count} more',
  },
  de: {
    user_metadata: 'user_metadata: was der Benutzer ändern darf',
    app_metadata: 'app_metadata: was nur Ihre Anwendungen ändern dürfen',
    unfinished: 'Das ist noch kein JSON: am Ende fehlt etwas',
    unexpected: 'Das ist kein JSON: {text} kann hier nicht stehen (Zeile {line})',
    notObject: 'Metadaten sind ein Objekt: { "schlüssel": "wert" }',
    repeated: '„{key}“ steht zweimal hier; nur eines bliebe',
    notAddressable: '„{key}“: Schlüssel haben kein . und kein $, damit ein Pfad sie nennen kann',
    reserved: '„{key}“ ist in app_metadata nicht erlaubt: so heißt ein Feld des Profils',
    tooPrecise:
      '{number} würde als andere Zahl gespeichert: über 2^53 hinaus als Text in Anführungszeichen schreiben',
    rootNull: 'null entfernt einen Schlüssel: lassen Sie ihn stattdessen weg',
    changes: 'Was das Speichern ändert',
    added: 'Neu',
    changed: 'Geändert',
    removed: 'Entfernt',
    newVersion:
      'Inzwischen hat jemand anderes gespeichert. Ihr Text bleibt: Speichern bringt Ihre Änderungen in die neue Fassung.',
    bothChanged: 'Sie haben beide {keys} geändert: Speichern ersetzt die andere Änderung.',
    tidy: 'Ordnen',
    more: 'und {count} weitere',
  },
});
