import type { Texts } from './en.ts';

export const es: Texts = {
  login: {
    login: {
      pageTitle: 'Iniciar sesión | ${clientName}',
      title: 'Hola de nuevo',
      description: 'Inicia sesión para continuar en ${clientName}.',
      usernameLabel: 'Correo electrónico o nombre de usuario',
      passwordLabel: 'Contraseña',
      buttonText: 'Continuar',
      forgotPasswordText: '¿Olvidaste tu contraseña?',
      footerText: '¿No tienes cuenta?',
      footerLinkText: 'Crear una cuenta',
      wrongCredentials: 'El correo electrónico o la contraseña no son correctos.',
      tooManyAttempts: 'Demasiados intentos. Espera un momento y vuelve a intentarlo.',
      tooManyWrongPasswords:
        'El inicio de sesión está bloqueado tras demasiadas contraseñas incorrectas. Si la cuenta existe, le hemos enviado un mensaje que explica cómo desbloquearla.',
      missing: 'Escribe tu correo electrónico o nombre de usuario y tu contraseña.',
      missingUsername: 'Escribe tu correo electrónico o nombre de usuario.',
      missingPassword: 'Escribe tu contraseña.',
      separatorText: 'o',
      federatedButton: 'Continuar con ${connectionName}',
    },
  },
  'login-id': {
    'login-id': {
      pageTitle: 'Iniciar sesión | ${clientName}',
      title: 'Te damos la bienvenida',
      description: 'Inicia sesión para continuar en ${clientName}.',
    },
  },
  'login-password': {
    'login-password': {
      pageTitle: 'Escribe tu contraseña | ${clientName}',
      title: 'Escribe tu contraseña',
      description: 'para continuar en ${clientName}.',
      editText: 'Cambiar',
    },
  },
  signup: {
    signup: {
      pageTitle: 'Crear una cuenta | ${clientName}',
      title: 'Crea tu cuenta',
      description: 'Regístrate para continuar en ${clientName}.',
      emailLabel: 'Correo electrónico',
      usernameLabel: 'Nombre de usuario',
      phoneLabel: 'Número de teléfono',
      passwordLabel: 'Contraseña',
      buttonText: 'Continuar',
      footerText: '¿Ya tienes cuenta?',
      footerLinkText: 'Iniciar sesión',
      disabled: 'El registro está desactivado.',
      invalidEmail: 'Este correo electrónico no se puede usar aquí.',
      invalidUsername: 'Este nombre de usuario no se puede usar aquí.',
      invalidPhone: 'Este número no se puede usar aquí. Escríbelo con + y el prefijo del país.',
      exists:
        'No se puede crear esta cuenta. Quizá ya tengas una: inicia sesión o elige una contraseña nueva.',
      missing: 'Rellena este campo.',
      weakPassword: 'Esta contraseña no cumple las reglas de abajo.',
    },
  },
  'reset-password': {
    'reset-password-request': {
      pageTitle: 'Restablecer la contraseña',
      title: '¿Olvidaste tu contraseña?',
      description: 'Escribe tu correo electrónico y te enviaremos un enlace para elegir una nueva.',
      emailLabel: 'Correo electrónico o nombre de usuario',
      buttonText: 'Enviar el enlace',
      backText: 'Volver al inicio de sesión',
      disabled: 'Aquí no se pueden restablecer contraseñas.',
    },
    'reset-password-email': {
      pageTitle: 'Revisa tu correo',
      title: 'Revisa tu correo',
      description:
        'Si existe una cuenta con esta dirección, un enlace para elegir una contraseña nueva está en camino.',
      again: '¿No llega? Mira en el correo no deseado o pide otro mensaje.',
      againLink: 'Pedir otro',
    },
    'reset-password': {
      pageTitle: 'Nueva contraseña',
      title: 'Elige una contraseña nueva',
      description: 'Se cerrarán todas tus demás sesiones.',
      passwordLabel: 'Nueva contraseña',
      buttonText: 'Cambiar la contraseña',
    },
    'reset-password-success': {
      pageTitle: 'Contraseña cambiada',
      title: 'Contraseña cambiada',
      description: 'Ya puedes iniciar sesión con la contraseña nueva.',
    },
    'reset-password-error': {
      pageTitle: 'Este enlace no funciona',
      title: 'Este enlace ya no funciona',
      expired: 'Ha caducado. Pide otro en la página de inicio de sesión.',
      used: 'Ya se ha usado. Pide otro en la página de inicio de sesión.',
      unknown: 'Está incompleto o no es nuestro. Ábrelo otra vez desde el correo o pide otro.',
    },
  },
  'email-verification': {
    'email-verification-result': {
      pageTitle: 'Verificación del correo electrónico',
      verifiedTitle: 'Correo electrónico verificado',
      verifiedDescription: 'Tu correo electrónico está verificado. Puedes continuar en la aplicación.',
      errorTitle: 'Este enlace ya no funciona',
      expired: 'Ha caducado. Pide otro en la aplicación.',
      used: 'Tu correo electrónico ya se verificó con este enlace.',
      unknown: 'Está incompleto o no es nuestro. Ábrelo otra vez desde el correo.',
    },
  },
  'brute-force-protection': {
    'brute-force-protection-unblock': {
      pageTitle: 'Desbloquear el inicio de sesión',
      title: '¿Desbloquear el inicio de sesión?',
      description:
        'El inicio de sesión en tu cuenta se bloqueó para la dirección IP ${ip} tras demasiadas contraseñas incorrectas. Si fuiste tú, desbloquéalo.',
      everywhere:
        'El inicio de sesión en tu cuenta se bloqueó tras demasiadas contraseñas incorrectas. Si fuiste tú, desbloquéalo.',
      buttonText: 'Desbloquear',
    },
    'brute-force-protection-unblock-success': {
      pageTitle: 'Inicio de sesión desbloqueado',
      title: 'Inicio de sesión desbloqueado',
      description:
        'Ya puedes iniciar sesión de nuevo. Si no recuerdas tu contraseña, elige una nueva en la página de inicio de sesión.',
    },
    'brute-force-protection-unblock-failure': {
      pageTitle: 'Este enlace no funciona',
      title: 'Este enlace ya no funciona',
      expired: 'Ha caducado. Una contraseña nueva también desbloquea el inicio de sesión.',
      used: 'El inicio de sesión ya se desbloqueó con este enlace.',
      unknown: 'Está incompleto o no es nuestro. Ábrelo otra vez desde el correo.',
    },
  },
  consent: {
    consent: {
      pageTitle: 'Autorizar a ${clientName}',
      title: 'Autorizar a ${clientName}',
      description: '${clientName} pide acceso a tu cuenta:',
      acceptButtonText: 'Aceptar',
      declineButtonText: 'Rechazar',
      profile: 'Tu nombre y tu foto',
      email: 'Tu correo electrónico',
      phone: 'Tu número de teléfono',
      address: 'Tu dirección',
      offlineAccess: 'Acceso en tu ausencia',
      openid: 'Tu identificador de usuario',
    },
  },
  'device-flow': {
    'device-code-activation': {
      pageTitle: 'Conectar un dispositivo',
      title: 'Conectar un dispositivo',
      description: 'Escribe el código que muestra tu dispositivo.',
      codeLabel: 'Código',
      buttonText: 'Continuar',
      wrongCode: 'Este código no es correcto o ha caducado.',
      checkDescription: 'Comprueba que tu dispositivo muestra este código.',
    },
    'device-code-confirmation': {
      pageTitle: 'Conectar un dispositivo',
      title: '¿Es este el código de tu dispositivo?',
      description: 'En ese dispositivo se iniciará sesión en ${clientName}. Si no lo has pedido, cancela.',
      confirmButtonText: 'Confirmar',
      cancelButtonText: 'Cancelar',
    },
    'device-code-activation-denied': {
      pageTitle: 'Dispositivo no conectado',
      title: 'Dispositivo no conectado',
      description: 'La solicitud se ha rechazado. Puedes cerrar esta página.',
    },
    'device-code-activation-allowed': {
      pageTitle: 'Dispositivo conectado',
      title: 'Dispositivo conectado',
      description: 'Tu dispositivo ha iniciado sesión. Puedes cerrar esta página.',
    },
  },
  logout: {
    logout: {
      pageTitle: 'Cerrar sesión',
      title: '¿Cerrar sesión?',
      description: 'Se cerrará tu sesión en todas las aplicaciones que usan esta cuenta.',
      buttonText: 'Cerrar sesión',
    },
    'logout-complete': {
      pageTitle: 'Sesión cerrada',
      title: 'Sesión cerrada',
      description: 'Has cerrado la sesión.',
    },
  },
  common: {
    common: {
      showPassword: 'Mostrar la contraseña',
      hidePassword: 'Ocultar la contraseña',
      rulesTitle: 'Tu contraseña debe tener:',
      ruleLength: 'al menos ${count} caracteres',
      ruleLowercase: 'minúsculas (a–z)',
      ruleUppercase: 'mayúsculas (A–Z)',
      ruleNumber: 'cifras (0–9)',
      ruleSpecial: 'caracteres especiales (como !@#$%^&*)',
      ruleSome: 'al menos ${count} de estos tipos:',
      ruleIdentical: 'ningún carácter tres veces seguidas (aaa)',
      ruleSequential: 'ninguna secuencia como abc o 123',
      ruleHistory: 'ninguna de tus últimas contraseñas',
      rulePersonal: 'nada de tu nombre ni de tu dirección',
      ruleDictionary: 'ninguna palabra ni contraseña común',
      ruleKept: 'cumplida',
      support: 'Obtener ayuda',
      optional: 'opcional',
      copy: 'Copiar',
      copied: 'Copiado',
      colon: ': ',
      problemCode: 'Error',
      reference: 'Referencia',
    },
  },
  'error-page': {
    'error-page': {
      pageTitle: 'Algo ha fallado',
      title: 'No ha funcionado',
      description: 'Vuelve a la aplicación e inténtalo otra vez.',
      expired:
        'Este inicio de sesión ha terminado o empezó en otro navegador. Vuelve a la aplicación e inténtalo otra vez.',
      forged: 'El formulario ha caducado. Vuelve atrás e inténtalo otra vez.',
      blockedTitle: 'Tu cuenta está bloqueada',
      blocked: 'Pide al servicio de soporte de ${clientName} que la desbloquee.',
      unknownApplication: 'Esta aplicación no está registrada aquí. Pide ayuda a su servicio de soporte.',
      wrongCallback: 'La aplicación pidió la respuesta en una dirección que no tiene registrada.',
      missingParameter: 'La solicitud de la aplicación no está completa. Falta: ${names}.',
      wrongRequest: 'La aplicación envió una solicitud que no se puede responder.',
      wrongLogoutUrl:
        'Has cerrado la sesión. La dirección a la que había que seguir no está permitida, así que te quedas aquí.',
      wrongLogoutHint:
        'La aplicación indicó una sesión que no es tuya o no es de este servidor, así que no se ha cerrado ninguna.',
      unavailable: 'Algo ha fallado por nuestra parte. Inténtalo de nuevo en un momento.',
    },
  },
};
