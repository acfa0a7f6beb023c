import type { Texts } from './en.ts';

export const fr: Texts = {
  login: {
    login: {
      pageTitle: 'Connexion | ${clientName}',
      title: 'Bon retour parmi nous',
      description: 'Connectez-vous pour continuer vers ${clientName}.',
      usernameLabel: 'Adresse e-mail ou nom d’utilisateur',
      passwordLabel: 'Mot de passe',
      buttonText: 'Continuer',
      forgotPasswordText: 'Mot de passe oublié\u00a0?',
      footerText: 'Pas encore de compte\u00a0?',
      footerLinkText: 'Créer un compte',
      wrongCredentials: 'Adresse e-mail ou mot de passe incorrect.',
      tooManyAttempts: 'Trop de tentatives. Patientez un instant, puis réessayez.',
      tooManyWrongPasswords:
        'La connexion est bloquée après trop de mots de passe incorrects. Si ce compte existe, nous lui avons envoyé un message qui explique comment le débloquer.',
      missing: 'Saisissez votre adresse e-mail ou votre nom d’utilisateur et votre mot de passe.',
      missingUsername: 'Saisissez votre adresse e-mail ou votre nom d’utilisateur.',
      missingPassword: 'Saisissez votre mot de passe.',
      separatorText: 'ou',
      federatedButton: 'Continuer avec ${connectionName}',
    },
  },
  'login-id': {
    'login-id': {
      pageTitle: 'Connexion | ${clientName}',
      title: 'Bienvenue',
      description: 'Connectez-vous pour continuer vers ${clientName}.',
    },
  },
  'login-password': {
    'login-password': {
      pageTitle: 'Votre mot de passe | ${clientName}',
      title: 'Saisissez votre mot de passe',
      description: 'pour continuer vers ${clientName}.',
      editText: 'Modifier',
    },
  },
  signup: {
    signup: {
      pageTitle: 'Créer un compte | ${clientName}',
      title: 'Créez votre compte',
      description: 'Inscrivez-vous pour continuer vers ${clientName}.',
      emailLabel: 'Adresse e-mail',
      usernameLabel: 'Nom d’utilisateur',
      phoneLabel: 'Numéro de téléphone',
      passwordLabel: 'Mot de passe',
      buttonText: 'Continuer',
      footerText: 'Vous avez déjà un compte\u00a0?',
      footerLinkText: 'Se connecter',
      disabled: 'Les inscriptions sont fermées.',
      invalidEmail: 'Cette adresse e-mail ne peut pas être utilisée ici.',
      invalidUsername: 'Ce nom d’utilisateur ne peut pas être utilisé ici.',
      invalidPhone: 'Ce numéro ne peut pas être utilisé ici. Écrivez-le avec + et l’indicatif du pays.',
      exists:
        'Ce compte ne peut pas être créé. Peut-être en avez-vous déjà un\u00a0: connectez-vous ou choisissez un nouveau mot de passe.',
      missing: 'Remplissez ce champ.',
      weakPassword: 'Ce mot de passe ne respecte pas les règles ci-dessous.',
    },
  },
  'reset-password': {
    'reset-password-request': {
      pageTitle: 'Réinitialiser le mot de passe',
      title: 'Mot de passe oublié\u00a0?',
      description:
        'Saisissez votre adresse\u00a0: nous vous enverrons un lien pour choisir un nouveau mot de passe.',
      emailLabel: 'Adresse e-mail ou nom d’utilisateur',
      buttonText: 'Envoyer le lien',
      backText: 'Retour à la connexion',
      disabled: 'Les mots de passe ne peuvent pas être réinitialisés ici.',
    },
    'reset-password-email': {
      pageTitle: 'Consultez votre messagerie',
      title: 'Consultez votre messagerie',
      description:
        'Si un compte existe avec cette adresse, un lien pour choisir un nouveau mot de passe vient de lui être envoyé.',
      again: 'Rien reçu\u00a0? Regardez dans le courrier indésirable ou demandez un autre message.',
      againLink: 'Redemander',
    },
    'reset-password': {
      pageTitle: 'Nouveau mot de passe',
      title: 'Choisissez un nouveau mot de passe',
      description: 'Toutes vos autres sessions seront fermées.',
      passwordLabel: 'Nouveau mot de passe',
      buttonText: 'Changer le mot de passe',
    },
    'reset-password-success': {
      pageTitle: 'Mot de passe changé',
      title: 'Mot de passe changé',
      description: 'Vous pouvez maintenant vous connecter avec le nouveau mot de passe.',
    },
    'reset-password-error': {
      pageTitle: 'Ce lien ne fonctionne pas',
      title: 'Ce lien ne fonctionne plus',
      expired: 'Il a expiré. Demandez-en un autre depuis la page de connexion.',
      used: 'Il a déjà été utilisé. Demandez-en un autre depuis la page de connexion.',
      unknown:
        'Il est incomplet ou ne vient pas de nous. Rouvrez-le depuis l’e-mail ou demandez-en un autre.',
    },
  },
  'email-verification': {
    'email-verification-result': {
      pageTitle: 'Vérification de l’adresse e-mail',
      verifiedTitle: 'Adresse e-mail vérifiée',
      verifiedDescription: 'Votre adresse e-mail est vérifiée. Vous pouvez continuer dans l’application.',
      errorTitle: 'Ce lien ne fonctionne plus',
      expired: 'Il a expiré. Demandez-en un autre dans l’application.',
      used: 'Votre adresse e-mail a déjà été vérifiée avec ce lien.',
      unknown: 'Il est incomplet ou ne vient pas de nous. Rouvrez-le depuis l’e-mail.',
    },
  },
  'brute-force-protection': {
    'brute-force-protection-unblock': {
      pageTitle: 'Débloquer la connexion',
      title: 'Débloquer la connexion\u00a0?',
      description:
        'La connexion à votre compte a été bloquée pour l’adresse IP ${ip} après trop de mots de passe incorrects. Si c’était vous, débloquez-la.',
      everywhere:
        'La connexion à votre compte a été bloquée après trop de mots de passe incorrects. Si c’était vous, débloquez-la.',
      buttonText: 'Débloquer',
    },
    'brute-force-protection-unblock-success': {
      pageTitle: 'Connexion débloquée',
      title: 'Connexion débloquée',
      description:
        'Vous pouvez de nouveau vous connecter. Si vous ne connaissez plus votre mot de passe, choisissez-en un nouveau sur la page de connexion.',
    },
    'brute-force-protection-unblock-failure': {
      pageTitle: 'Ce lien ne fonctionne pas',
      title: 'Ce lien ne fonctionne plus',
      expired: 'Il a expiré. Un nouveau mot de passe débloque aussi la connexion.',
      used: 'La connexion a déjà été débloquée avec ce lien.',
      unknown: 'Il est incomplet ou ne vient pas de nous. Rouvrez-le depuis l’e-mail.',
    },
  },
  consent: {
    consent: {
      pageTitle: 'Autoriser ${clientName}',
      title: 'Autoriser ${clientName}',
      description: '${clientName} demande l’accès à votre compte\u00a0:',
      acceptButtonText: 'Accepter',
      declineButtonText: 'Refuser',
      profile: 'Votre nom et votre photo',
      email: 'Votre adresse e-mail',
      phone: 'Votre numéro de téléphone',
      address: 'Votre adresse postale',
      offlineAccess: 'Accès en votre absence',
      openid: 'Votre identifiant d’utilisateur',
    },
  },
  'device-flow': {
    'device-code-activation': {
      pageTitle: 'Connecter un appareil',
      title: 'Connecter un appareil',
      description: 'Saisissez le code affiché par votre appareil.',
      codeLabel: 'Code',
      buttonText: 'Continuer',
      wrongCode: 'Ce code est incorrect ou a expiré.',
      checkDescription: 'Vérifiez que votre appareil affiche ce code.',
    },
    'device-code-confirmation': {
      pageTitle: 'Connecter un appareil',
      title: 'Est-ce le code affiché par votre appareil\u00a0?',
      description:
        'Cela ouvrira une session ${clientName} sur cet appareil. Si vous n’avez rien demandé, annulez.',
      confirmButtonText: 'Confirmer',
      cancelButtonText: 'Annuler',
    },
    'device-code-activation-denied': {
      pageTitle: 'Appareil non connecté',
      title: 'Appareil non connecté',
      description: 'La demande a été refusée. Vous pouvez fermer cette page.',
    },
    'device-code-activation-allowed': {
      pageTitle: 'Appareil connecté',
      title: 'Appareil connecté',
      description: 'Votre appareil est connecté. Vous pouvez fermer cette page.',
    },
  },
  logout: {
    logout: {
      pageTitle: 'Déconnexion',
      title: 'Se déconnecter\u00a0?',
      description: 'Votre session sera fermée dans toutes les applications qui utilisent ce compte.',
      buttonText: 'Se déconnecter',
    },
    'logout-complete': {
      pageTitle: 'Session fermée',
      title: 'Session fermée',
      description: 'La déconnexion est terminée.',
    },
  },
  common: {
    common: {
      showPassword: 'Afficher le mot de passe',
      hidePassword: 'Masquer le mot de passe',
      rulesTitle: 'Votre mot de passe doit comporter\u00a0:',
      ruleLength: 'au moins ${count} caractères',
      ruleLowercase: 'des minuscules (a–z)',
      ruleUppercase: 'des majuscules (A–Z)',
      ruleNumber: 'des chiffres (0–9)',
      ruleSpecial: 'des caractères spéciaux (comme\u00a0!@#$%^&*)',
      ruleSome: 'au moins ${count} de ces types\u00a0:',
      ruleIdentical: 'aucun caractère trois fois de suite (aaa)',
      ruleSequential: 'aucune suite comme abc ou 123',
      ruleHistory: 'aucun de vos derniers mots de passe',
      rulePersonal: 'rien de votre nom ni de votre adresse',
      ruleDictionary: 'aucun mot ni mot de passe courant',
      ruleKept: 'respecté',
      support: 'Obtenir de l’aide',
      optional: 'facultatif',
      copy: 'Copier',
      copied: 'Copié',
      colon: '\u00a0: ',
      problemCode: 'Erreur',
      reference: 'Référence de la demande',
    },
  },
  'error-page': {
    'error-page': {
      pageTitle: 'Un problème est survenu',
      title: 'Cela n’a pas fonctionné',
      description: 'Revenez à l’application et réessayez.',
      expired:
        'Cette connexion est terminée ou a été commencée dans un autre navigateur. Revenez à l’application et réessayez.',
      forged: 'Le formulaire a expiré. Revenez en arrière et réessayez.',
      blockedTitle: 'Votre compte est bloqué',
      blocked: 'Demandez à l’assistance de ${clientName} de le débloquer.',
      unknownApplication: 'Cette application n’est pas connue ici. Contactez son assistance.',
      wrongCallback: 'L’application a demandé une réponse à une adresse qui n’est pas enregistrée pour elle.',
      missingParameter: 'La demande de l’application est incomplète. Il manque\u00a0: ${names}.',
      wrongRequest: 'L’application a envoyé une demande à laquelle il est impossible de répondre.',
      wrongLogoutUrl:
        'Votre session est fermée. L’adresse vers laquelle continuer n’est pas autorisée\u00a0; vous restez donc ici.',
      wrongLogoutHint:
        'L’application a indiqué une connexion qui n’est pas la vôtre ou qui ne vient pas de ce serveur\u00a0; aucune session n’a donc été fermée.',
      unavailable: 'Un problème est survenu de notre côté. Réessayez dans un instant.',
    },
  },
};
