import type { MessageTexts } from './message-text.ts';

const app = '{{ application.name | default: friendly_name }}';

export const de: MessageTexts = {
  locale: 'de',
  direction: 'ltr',
  linkHint: 'Falls die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:',
  support: 'Fragen? Schreiben Sie an',
  messages: {
    verify_email: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      heading: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [
        `Bitte bestätigen Sie, dass {{ user.email }} Ihre Adresse ist, damit Sie sie bei ${app} verwenden können.`,
      ],
      button: 'Adresse bestätigen',
      notice: 'Wenn Sie kein Konto angelegt haben, können Sie diese Nachricht ignorieren.',
    },
    verify_email_by_code: {
      subject: 'Ihr Bestätigungscode',
      heading: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [`Geben Sie diesen Code ein, um Ihre Adresse für ${app} zu bestätigen.`],
      code: 'Ihr Code',
      notice: 'Wenn Sie ihn nicht angefordert haben, können Sie diese Nachricht ignorieren.',
    },
    auth_email_by_code: {
      subject: 'Ihr Anmeldecode',
      heading: 'Ihr Anmeldecode',
      paragraphs: [`Geben Sie diesen Code ein, um sich bei ${app} anzumelden.`],
      code: 'Ihr Code',
      notice:
        'Geben Sie den Code nie weiter. Wenn Sie sich nicht anmelden wollten, können Sie diese Nachricht ignorieren.',
    },
    reset_email: {
      subject: 'Setzen Sie Ihr Passwort zurück',
      heading: 'Passwort zurücksetzen',
      paragraphs: [`Jemand, hoffentlich Sie, hat ein neues Passwort für Ihr Konto bei ${app} angefordert.`],
      button: 'Neues Passwort wählen',
      notice: 'Waren Sie es nicht, ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.',
    },
    reset_email_by_code: {
      subject: 'Ihr Code zum Zurücksetzen des Passworts',
      heading: 'Passwort zurücksetzen',
      paragraphs: [`Geben Sie diesen Code ein, um ein neues Passwort für Ihr Konto bei ${app} zu wählen.`],
      code: 'Ihr Code',
      notice: 'Waren Sie es nicht, ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.',
    },
    welcome_email: {
      subject: `Willkommen bei ${app}`,
      heading: 'Willkommen!',
      paragraphs: [`Ihre E-Mail-Adresse ist bestätigt, und Ihr Konto bei ${app} ist bereit.`],
    },
    blocked_account: {
      subject: 'Die Anmeldung an Ihrem Konto wurde gesperrt',
      heading: 'Anmeldung gesperrt',
      paragraphs: [
        `Es gab viele fehlgeschlagene Versuche, sich an Ihrem Konto bei ${app} anzumelden{% if user.source_ip %}, und zwar von der Adresse {{ user.source_ip }}{% if user.city %} ({{ user.city }}, {{ user.country }}){% endif %}{% endif %}. Weitere Versuche von dort haben wir unterbunden.`,
      ],
      button: 'Das war ich: Sperre aufheben',
      notice:
        'Waren Sie es nicht, versucht vielleicht jemand, Ihr Passwort zu erraten. Achten Sie auf ein starkes Passwort.',
    },
    stolen_credentials: {
      subject: 'Ihr Passwort ist anderen bekannt',
      heading: 'Ändern Sie Ihr Passwort',
      paragraphs: [
        `Das Passwort Ihres Kontos bei ${app} steht in einer Liste von Passwörtern, die anderswo gestohlen wurden. Ändern Sie es hier und überall, wo Sie es sonst verwenden.`,
      ],
    },
    enrollment_email: {
      subject: 'Richten Sie einen zweiten Anmeldeschritt ein',
      heading: 'Schützen Sie Ihr Konto',
      paragraphs: [
        'Sie wurden gebeten, Ihre Anmeldung um einen zweiten Schritt zu ergänzen, etwa eine App auf Ihrem Telefon.',
      ],
      button: 'Einrichten',
    },
    mfa_oob_code: {
      subject: 'Ihr Bestätigungscode',
      heading: 'Ihr Bestätigungscode',
      paragraphs: [`Geben Sie diesen Code ein, um die Anmeldung bei ${app} abzuschließen.`],
      code: 'Ihr Code',
      notice:
        'Geben Sie den Code nie weiter. Wenn Sie sich nicht anmelden wollten, kennt jemand Ihr Passwort: Ändern Sie es.',
    },
    user_invitation: {
      subject:
        '{% if inviter.name %}{{ inviter.name }} lädt Sie ein{% else %}Sie sind eingeladen{% endif %}{% if organization.display_name %}: {{ organization.display_name }}{% endif %}',
      heading: 'Sie sind eingeladen',
      paragraphs: [
        '{% if inviter.name %}{{ inviter.name }} lädt Sie ein{% else %}Sie sind eingeladen{% endif %}, {{ organization.display_name | default: friendly_name }} beizutreten.',
      ],
      button: 'Einladung annehmen',
      notice: 'Wenn Sie nicht wissen, worum es geht, können Sie diese Nachricht ignorieren.',
    },
    async_approval: {
      subject: 'Anmeldung freigeben',
      heading: 'Anmeldung freigeben',
      paragraphs: [
        `${app} bittet um Ihre Freigabe. Öffnen Sie den Link nur, wenn Sie damit gerechnet haben.`,
      ],
      button: 'Anfrage ansehen',
    },
    import_report: {
      subject:
        'Import in {{ connection.name }}: {% if import.is_failed %}gescheitert{% else %}fertig{% endif %}',
      heading:
        '{% if import.is_failed %}Ein Import ist gescheitert{% else %}Ein Import ist fertig{% endif %}',
      paragraphs: [
        'Der Import von Benutzern in {{ connection.name }} {% if import.is_failed %}hat vor seinem Ende aufgehört: {{ import.problem }}{% else %}hat seine ganze Datei gelesen.{% endif %}',
        'Eingefügt: {{ import.inserted }}. Geändert: {{ import.updated }}. Unverändert: {{ import.unchanged }}. Gescheitert: {{ import.failed }}.',
      ],
      button: 'Zeilen ansehen',
    },
  },
};
