import type { Texts } from './en.ts';

export const de: Texts = {
  login: {
    login: {
      pageTitle: 'Anmelden | ${clientName}',
      title: 'Willkommen zurück',
      description: 'Melden Sie sich an, um mit ${clientName} fortzufahren.',
      usernameLabel: 'E-Mail-Adresse oder Benutzername',
      passwordLabel: 'Passwort',
      buttonText: 'Weiter',
      forgotPasswordText: 'Passwort vergessen?',
      footerText: 'Noch kein Konto?',
      footerLinkText: 'Konto anlegen',
      wrongCredentials: 'E-Mail-Adresse oder Passwort ist falsch.',
      tooManyAttempts: 'Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es noch einmal.',
      tooManyWrongPasswords:
        'Die Anmeldung ist nach zu vielen falschen Passwörtern gesperrt. Falls es dieses Konto gibt, erklärt eine Nachricht an seine Adresse, wie Sie es entsperren.',
      missing: 'Geben Sie Ihre E-Mail-Adresse oder Ihren Benutzernamen und Ihr Passwort ein.',
      missingUsername: 'Geben Sie Ihre E-Mail-Adresse oder Ihren Benutzernamen ein.',
      missingPassword: 'Geben Sie Ihr Passwort ein.',
      separatorText: 'oder',
      federatedButton: 'Weiter mit ${connectionName}',
    },
  },
  'login-id': {
    'login-id': {
      pageTitle: 'Anmelden | ${clientName}',
      title: 'Willkommen',
      description: 'Melden Sie sich an, um mit ${clientName} fortzufahren.',
    },
  },
  'login-password': {
    'login-password': {
      pageTitle: 'Passwort eingeben | ${clientName}',
      title: 'Passwort eingeben',
      description: 'um mit ${clientName} fortzufahren.',
      editText: 'Ändern',
    },
  },
  signup: {
    signup: {
      pageTitle: 'Konto anlegen | ${clientName}',
      title: 'Konto anlegen',
      description: 'Registrieren Sie sich, um mit ${clientName} fortzufahren.',
      emailLabel: 'E-Mail-Adresse',
      usernameLabel: 'Benutzername',
      phoneLabel: 'Telefonnummer',
      passwordLabel: 'Passwort',
      buttonText: 'Weiter',
      footerText: 'Sie haben schon ein Konto?',
      footerLinkText: 'Anmelden',
      disabled: 'Die Registrierung ist abgeschaltet.',
      invalidEmail: 'Diese E-Mail-Adresse kann hier nicht verwendet werden.',
      invalidUsername: 'Dieser Benutzername kann hier nicht verwendet werden.',
      invalidPhone:
        'Diese Telefonnummer kann hier nicht verwendet werden. Schreiben Sie sie mit + und Ländervorwahl.',
      exists:
        'Dieses Konto kann nicht angelegt werden. Vielleicht haben Sie schon eines: Melden Sie sich an oder wählen Sie ein neues Passwort.',
      missing: 'Füllen Sie dieses Feld aus.',
      weakPassword: 'Dieses Passwort erfüllt die Regeln unten nicht.',
    },
  },
  'reset-password': {
    'reset-password-request': {
      pageTitle: 'Passwort zurücksetzen',
      title: 'Passwort vergessen?',
      description:
        'Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen.',
      emailLabel: 'E-Mail-Adresse oder Benutzername',
      buttonText: 'Link senden',
      backText: 'Zurück zur Anmeldung',
      disabled: 'Passwörter können hier nicht zurückgesetzt werden.',
    },
    'reset-password-email': {
      pageTitle: 'Sehen Sie in Ihrem Postfach nach',
      title: 'Sehen Sie in Ihrem Postfach nach',
      description:
        'Wenn es ein Konto mit dieser Adresse gibt, ist ein Link unterwegs, mit dem Sie ein neues Passwort wählen.',
      again: 'Keine Nachricht? Sehen Sie im Spam-Ordner nach oder fordern Sie eine neue an.',
      againLink: 'Noch einmal anfordern',
    },
    'reset-password': {
      pageTitle: 'Neues Passwort wählen',
      title: 'Neues Passwort wählen',
      description: 'Überall sonst werden Sie abgemeldet.',
      passwordLabel: 'Neues Passwort',
      buttonText: 'Passwort ändern',
    },
    'reset-password-success': {
      pageTitle: 'Passwort geändert',
      title: 'Passwort geändert',
      description: 'Sie können sich jetzt mit dem neuen Passwort anmelden.',
    },
    'reset-password-error': {
      pageTitle: 'Dieser Link funktioniert nicht',
      title: 'Dieser Link funktioniert nicht mehr',
      expired: 'Er ist abgelaufen. Fordern Sie dort, wo Sie sich anmelden, einen neuen an.',
      used: 'Er wurde schon benutzt. Fordern Sie dort, wo Sie sich anmelden, einen neuen an.',
      unknown:
        'Er ist unvollständig oder nicht von uns. Öffnen Sie ihn noch einmal aus der E-Mail oder fordern Sie einen neuen an.',
    },
  },
  'email-verification': {
    'email-verification-result': {
      pageTitle: 'Bestätigung der E-Mail-Adresse',
      verifiedTitle: 'E-Mail-Adresse bestätigt',
      verifiedDescription: 'Ihre E-Mail-Adresse ist bestätigt. Sie können in der Anwendung weitermachen.',
      errorTitle: 'Dieser Link funktioniert nicht mehr',
      expired: 'Er ist abgelaufen. Fordern Sie in der Anwendung einen neuen an.',
      used: 'Ihre E-Mail-Adresse wurde damit schon bestätigt.',
      unknown: 'Er ist unvollständig oder nicht von uns. Öffnen Sie ihn noch einmal aus der E-Mail.',
    },
  },
  'brute-force-protection': {
    'brute-force-protection-unblock': {
      pageTitle: 'Anmeldung entsperren',
      title: 'Anmeldung entsperren?',
      description:
        'Die Anmeldung bei Ihrem Konto wurde nach zu vielen falschen Passwörtern für die Adresse ${ip} gesperrt. Wenn Sie das waren, entsperren Sie sie.',
      everywhere:
        'Die Anmeldung bei Ihrem Konto wurde nach zu vielen falschen Passwörtern gesperrt. Wenn Sie das waren, entsperren Sie sie.',
      buttonText: 'Entsperren',
    },
    'brute-force-protection-unblock-success': {
      pageTitle: 'Anmeldung entsperrt',
      title: 'Anmeldung entsperrt',
      description:
        'Sie können sich wieder anmelden. Wenn Sie Ihr Passwort nicht mehr wissen, wählen Sie bei der Anmeldung ein neues.',
    },
    'brute-force-protection-unblock-failure': {
      pageTitle: 'Dieser Link funktioniert nicht',
      title: 'Dieser Link funktioniert nicht mehr',
      expired: 'Er ist abgelaufen. Auch ein neues Passwort entsperrt die Anmeldung.',
      used: 'Die Anmeldung wurde damit schon entsperrt.',
      unknown: 'Er ist unvollständig oder nicht von uns. Öffnen Sie ihn noch einmal aus der E-Mail.',
    },
  },
  consent: {
    consent: {
      pageTitle: '${clientName} berechtigen',
      title: '${clientName} berechtigen',
      description: '${clientName} bittet um Zugriff auf Ihr Konto:',
      acceptButtonText: 'Zustimmen',
      declineButtonText: 'Ablehnen',
      profile: 'Ihr Name und Ihr Bild',
      email: 'Ihre E-Mail-Adresse',
      phone: 'Ihre Telefonnummer',
      address: 'Ihre Anschrift',
      offlineAccess: 'Zugriff, während Sie abwesend sind',
      openid: 'Ihre Benutzerkennung',
    },
  },
  'device-flow': {
    'device-code-activation': {
      pageTitle: 'Gerät verbinden',
      title: 'Gerät verbinden',
      description: 'Geben Sie den Code ein, den Ihr Gerät zeigt.',
      codeLabel: 'Code',
      buttonText: 'Weiter',
      wrongCode: 'Dieser Code ist falsch oder abgelaufen.',
      checkDescription: 'Prüfen Sie, ob Ihr Gerät diesen Code zeigt.',
    },
    'device-code-confirmation': {
      pageTitle: 'Gerät verbinden',
      title: 'Ist das der Code auf Ihrem Gerät?',
      description: '${clientName} wird dort angemeldet. Wenn Sie das nicht wollten, brechen Sie ab.',
      confirmButtonText: 'Bestätigen',
      cancelButtonText: 'Abbrechen',
    },
    'device-code-activation-denied': {
      pageTitle: 'Gerät nicht verbunden',
      title: 'Gerät nicht verbunden',
      description: 'Die Anfrage wurde abgelehnt. Sie können diese Seite schließen.',
    },
    'device-code-activation-allowed': {
      pageTitle: 'Gerät verbunden',
      title: 'Gerät verbunden',
      description: 'Ihr Gerät ist angemeldet. Sie können diese Seite schließen.',
    },
  },
  logout: {
    logout: {
      pageTitle: 'Abmelden',
      title: 'Abmelden?',
      description: 'Sie werden in allen Anwendungen abgemeldet, die dieses Konto verwenden.',
      buttonText: 'Abmelden',
    },
    'logout-complete': {
      pageTitle: 'Abgemeldet',
      title: 'Abgemeldet',
      description: 'Sie sind abgemeldet.',
    },
  },
  common: {
    common: {
      showPassword: 'Passwort anzeigen',
      hidePassword: 'Passwort verbergen',
      rulesTitle: 'Ihr Passwort braucht:',
      ruleLength: 'mindestens ${count} Zeichen',
      ruleLowercase: 'Kleinbuchstaben (a–z)',
      ruleUppercase: 'Großbuchstaben (A–Z)',
      ruleNumber: 'Ziffern (0–9)',
      ruleSpecial: 'Sonderzeichen (wie !@#$%^&*)',
      ruleSome: 'mindestens ${count} davon:',
      ruleIdentical: 'kein Zeichen dreimal hintereinander (aaa)',
      ruleSequential: 'keine Folge wie abc oder 123',
      ruleHistory: 'keines Ihrer letzten Passwörter',
      rulePersonal: 'nichts aus Ihrem Namen oder Ihrer Adresse',
      ruleDictionary: 'kein häufiges Wort oder Passwort',
      ruleKept: 'erfüllt',
      support: 'Hilfe',
      optional: 'freiwillig',
      copy: 'Kopieren',
      copied: 'Kopiert',
      colon: ': ',
      problemCode: 'Fehler',
      reference: 'Vorgang',
    },
  },
  'error-page': {
    'error-page': {
      pageTitle: 'Etwas ist schiefgegangen',
      title: 'Das hat nicht geklappt',
      description: 'Gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal.',
      expired:
        'Diese Anmeldung ist beendet oder wurde in einem anderen Browser begonnen. Gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal.',
      forged: 'Das Formular ist abgelaufen. Gehen Sie zurück und versuchen Sie es noch einmal.',
      blockedTitle: 'Ihr Konto ist gesperrt',
      blocked: 'Bitten Sie die Betreuung von ${clientName}, es zu entsperren.',
      unknownApplication: 'Die Anwendung ist hier nicht bekannt. Bitten Sie deren Betreuung um Hilfe.',
      wrongCallback: 'Die Anwendung wollte die Antwort an eine Adresse, die für sie nicht eingetragen ist.',
      missingParameter: 'Die Anfrage der Anwendung ist unvollständig. Es fehlt: ${names}.',
      wrongRequest: 'Die Anwendung hat eine Anfrage gesendet, die nicht beantwortet werden kann.',
      wrongLogoutUrl:
        'Sie sind abgemeldet. Die Adresse, zu der es weitergehen sollte, ist nicht erlaubt; deshalb bleiben Sie hier.',
      wrongLogoutHint:
        'Die Anwendung hat eine Anmeldung genannt, die nicht Ihre oder nicht von diesem Server ist. Deshalb wurde niemand abgemeldet.',
      unavailable: 'Auf unserer Seite ist etwas fehlgeschlagen. Versuchen Sie es gleich noch einmal.',
    },
  },
};
