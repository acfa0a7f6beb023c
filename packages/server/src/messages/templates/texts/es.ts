import type { MessageTexts } from './message-text.ts';

const app = '{{ application.name | default: friendly_name }}';

export const es: MessageTexts = {
  locale: 'es',
  direction: 'ltr',
  linkHint: 'Si el botón no funciona, copie esta dirección en su navegador:',
  support: '¿Preguntas? Escriba a',
  messages: {
    verify_email: {
      subject: 'Confirme su dirección de correo',
      heading: 'Confirme su dirección de correo',
      paragraphs: [`Confirme que {{ user.email }} es su dirección para poder usarla con ${app}.`],
      button: 'Confirmar dirección',
      notice: 'Si no ha creado ninguna cuenta, puede ignorar este mensaje.',
    },
    verify_email_by_code: {
      subject: 'Su código de verificación',
      heading: 'Confirme su dirección de correo',
      paragraphs: [`Introduzca este código para confirmar su dirección en ${app}.`],
      code: 'Su código',
      notice: 'Si no lo ha pedido, puede ignorar este mensaje.',
    },
    auth_email_by_code: {
      subject: 'Su código de acceso',
      heading: 'Su código de acceso',
      paragraphs: [`Introduzca este código para iniciar sesión en ${app}.`],
      code: 'Su código',
      notice: 'No comparta nunca el código. Si no ha intentado iniciar sesión, puede ignorar este mensaje.',
    },
    reset_email: {
      subject: 'Restablezca su contraseña',
      heading: 'Restablezca su contraseña',
      paragraphs: [`Alguien, esperamos que usted, ha pedido una contraseña nueva para su cuenta de ${app}.`],
      button: 'Elegir una contraseña nueva',
      notice: 'Si no ha sido usted, ignore este mensaje: su contraseña no cambia.',
    },
    reset_email_by_code: {
      subject: 'Su código para restablecer la contraseña',
      heading: 'Restablezca su contraseña',
      paragraphs: [`Introduzca este código para elegir una contraseña nueva para su cuenta de ${app}.`],
      code: 'Su código',
      notice: 'Si no ha sido usted, ignore este mensaje: su contraseña no cambia.',
    },
    welcome_email: {
      subject: `Le damos la bienvenida a ${app}`,
      heading: '¡Bienvenida, bienvenido!',
      paragraphs: [`Su dirección de correo está confirmada y su cuenta de ${app} está lista.`],
    },
    blocked_account: {
      subject: 'Se ha bloqueado el acceso a su cuenta',
      heading: 'Acceso bloqueado',
      paragraphs: [
        `Ha habido muchos intentos fallidos de iniciar sesión en su cuenta de ${app}{% if user.source_ip %} desde la dirección {{ user.source_ip }}{% if user.city %} ({{ user.city }}, {{ user.country }}){% endif %}{% endif %}. Hemos impedido nuevos intentos desde allí.`,
      ],
      button: 'He sido yo: desbloquear',
      notice:
        'Si no ha sido usted, puede que alguien intente adivinar su contraseña. Procure que sea segura.',
    },
    stolen_credentials: {
      subject: 'Otras personas conocen su contraseña',
      heading: 'Cambie su contraseña',
      paragraphs: [
        `La contraseña de su cuenta de ${app} aparece en una lista de contraseñas robadas en otro lugar. Cámbiela aquí y en los demás sitios donde la use.`,
      ],
    },
    enrollment_email: {
      subject: 'Añada un segundo paso al inicio de sesión',
      heading: 'Proteja su cuenta',
      paragraphs: [
        'Se le pide que añada un segundo paso al inicio de sesión, por ejemplo una aplicación en su teléfono.',
      ],
      button: 'Configurar',
    },
    mfa_oob_code: {
      subject: 'Su código de verificación',
      heading: 'Su código de verificación',
      paragraphs: [`Introduzca este código para terminar de iniciar sesión en ${app}.`],
      code: 'Su código',
      notice:
        'No comparta nunca el código. Si no ha intentado iniciar sesión, alguien conoce su contraseña: cámbiela.',
    },
    user_invitation: {
      subject:
        '{% if inviter.name %}{{ inviter.name }} le invita{% else %}Tiene una invitación{% endif %}{% if organization.display_name %}: {{ organization.display_name }}{% endif %}',
      heading: 'Tiene una invitación',
      paragraphs: [
        '{% if inviter.name %}{{ inviter.name }} le invita{% else %}Se le invita{% endif %} a unirse a {{ organization.display_name | default: friendly_name }}.',
      ],
      button: 'Aceptar la invitación',
      notice: 'Si no sabe de qué se trata, puede ignorar este mensaje.',
    },
    async_approval: {
      subject: 'Apruebe un inicio de sesión',
      heading: 'Apruebe un inicio de sesión',
      paragraphs: [`${app} solicita su aprobación. Abra el enlace solo si lo esperaba.`],
      button: 'Ver la solicitud',
    },
    import_report: {
      subject:
        'Importación en {{ connection.name }}: {% if import.is_failed %}fallida{% else %}terminada{% endif %}',
      heading:
        '{% if import.is_failed %}Una importación ha fallado{% else %}Una importación ha terminado{% endif %}',
      paragraphs: [
        'La importación de usuarios en {{ connection.name }} {% if import.is_failed %}se detuvo antes del final: {{ import.problem }}{% else %}ha leído todo su archivo.{% endif %}',
        'Añadidos: {{ import.inserted }}. Actualizados: {{ import.updated }}. Sin cambios: {{ import.unchanged }}. Fallidos: {{ import.failed }}.',
      ],
      button: 'Ver las filas',
    },
  },
};
