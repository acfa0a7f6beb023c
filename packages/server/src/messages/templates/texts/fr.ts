import type { MessageTexts } from './message-text.ts';

const app = '{{ application.name | default: friendly_name }}';

export const fr: MessageTexts = {
  locale: 'fr',
  direction: 'ltr',
  linkHint: 'Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur\u00a0:',
  support: 'Une question\u00a0? Écrivez à',
  messages: {
    verify_email: {
      subject: 'Confirmez votre adresse e-mail',
      heading: 'Confirmez votre adresse e-mail',
      paragraphs: [
        `Veuillez confirmer que {{ user.email }} est bien votre adresse, afin de l’utiliser avec ${app}.`,
      ],
      button: 'Confirmer l’adresse',
      notice: 'Si vous n’avez pas créé de compte, vous pouvez ignorer ce message.',
    },
    verify_email_by_code: {
      subject: 'Votre code de vérification',
      heading: 'Confirmez votre adresse e-mail',
      paragraphs: [`Saisissez ce code pour confirmer votre adresse auprès de ${app}.`],
      code: 'Votre code',
      notice: 'Si vous ne l’avez pas demandé, vous pouvez ignorer ce message.',
    },
    auth_email_by_code: {
      subject: 'Votre code de connexion',
      heading: 'Votre code de connexion',
      paragraphs: [`Saisissez ce code pour vous connecter à ${app}.`],
      code: 'Votre code',
      notice:
        'Ne transmettez jamais ce code. Si vous n’avez pas essayé de vous connecter, vous pouvez ignorer ce message.',
    },
    reset_email: {
      subject: 'Réinitialisez votre mot de passe',
      heading: 'Réinitialisez votre mot de passe',
      paragraphs: [`Quelqu’un, vous sans doute, a demandé un nouveau mot de passe pour votre compte ${app}.`],
      button: 'Choisir un nouveau mot de passe',
      notice: 'Si ce n’était pas vous, ignorez ce message\u00a0: votre mot de passe reste inchangé.',
    },
    reset_email_by_code: {
      subject: 'Votre code de réinitialisation',
      heading: 'Réinitialisez votre mot de passe',
      paragraphs: [`Saisissez ce code pour choisir un nouveau mot de passe pour votre compte ${app}.`],
      code: 'Votre code',
      notice: 'Si ce n’était pas vous, ignorez ce message\u00a0: votre mot de passe reste inchangé.',
    },
    welcome_email: {
      subject: `Bienvenue chez ${app}`,
      heading: 'Bienvenue\u00a0!',
      paragraphs: [`Votre adresse e-mail est confirmée et votre compte ${app} est prêt.`],
    },
    blocked_account: {
      subject: 'La connexion à votre compte a été bloquée',
      heading: 'Connexion bloquée',
      paragraphs: [
        `De nombreuses tentatives de connexion à votre compte ${app} ont échoué{% if user.source_ip %} depuis l’adresse {{ user.source_ip }}{% if user.city %} ({{ user.city }}, {{ user.country }}){% endif %}{% endif %}. Nous avons bloqué toute nouvelle tentative venant de là.`,
      ],
      button: 'C’était moi\u00a0: débloquer',
      notice:
        'Si ce n’était pas vous, quelqu’un essaie peut-être de deviner votre mot de passe. Veillez à ce qu’il soit robuste.',
    },
    stolen_credentials: {
      subject: 'Votre mot de passe est connu de tiers',
      heading: 'Changez votre mot de passe',
      paragraphs: [
        `Le mot de passe de votre compte ${app} figure dans une liste de mots de passe volés ailleurs. Changez-le ici et partout où vous l’utilisez.`,
      ],
    },
    enrollment_email: {
      subject: 'Ajoutez une deuxième étape à votre connexion',
      heading: 'Protégez votre compte',
      paragraphs: [
        'On vous demande d’ajouter une deuxième étape à votre connexion, par exemple une application sur votre téléphone.',
      ],
      button: 'Configurer',
    },
    mfa_oob_code: {
      subject: 'Votre code de vérification',
      heading: 'Votre code de vérification',
      paragraphs: [`Saisissez ce code pour terminer la connexion à ${app}.`],
      code: 'Votre code',
      notice:
        'Ne transmettez jamais ce code. Si vous n’avez pas essayé de vous connecter, quelqu’un connaît votre mot de passe\u00a0: changez-le.',
    },
    user_invitation: {
      subject:
        '{% if inviter.name %}{{ inviter.name }} vous invite{% else %}Vous êtes invité·e{% endif %}{% if organization.display_name %}\u00a0: {{ organization.display_name }}{% endif %}',
      heading: 'Vous êtes invité·e',
      paragraphs: [
        '{% if inviter.name %}{{ inviter.name }} vous invite{% else %}Vous êtes invité·e{% endif %} à rejoindre {{ organization.display_name | default: friendly_name }}.',
      ],
      button: 'Accepter l’invitation',
      notice: 'Si vous ne savez pas de quoi il s’agit, vous pouvez ignorer ce message.',
    },
    async_approval: {
      subject: 'Approuvez une connexion',
      heading: 'Approuvez une connexion',
      paragraphs: [`${app} demande votre approbation. N’ouvrez le lien que si vous vous y attendiez.`],
      button: 'Voir la demande',
    },
    import_report: {
      subject:
        'Import dans {{ connection.name }}\u00a0: {% if import.is_failed %}échec{% else %}terminé{% endif %}',
      heading: '{% if import.is_failed %}Un import a échoué{% else %}Un import est terminé{% endif %}',
      paragraphs: [
        'L’import d’utilisateurs dans {{ connection.name }} {% if import.is_failed %}s’est arrêté avant la fin\u00a0: {{ import.problem }}{% else %}a lu tout son fichier.{% endif %}',
        'Ajoutés\u00a0: {{ import.inserted }}. Modifiés\u00a0: {{ import.updated }}. Inchangés\u00a0: {{ import.unchanged }}. En échec\u00a0: {{ import.failed }}.',
      ],
      button: 'Voir les lignes',
    },
  },
};
