import type { MessageTexts } from './message-text.ts';

const app = '{{ application.name | default: friendly_name }}';

export const ar: MessageTexts = {
  locale: 'ar',
  direction: 'rtl',
  linkHint: 'إذا لم يعمل الزر، فانسخ هذا العنوان إلى متصفحك:',
  support: 'هل لديك أسئلة؟ راسلنا على',
  messages: {
    verify_email: {
      subject: 'أكّد عنوان بريدك الإلكتروني',
      heading: 'أكّد عنوان بريدك الإلكتروني',
      paragraphs: [`يرجى تأكيد أن {{ user.email }} هو عنوانك لتتمكن من استخدامه مع ${app}.`],
      button: 'تأكيد العنوان',
      notice: 'إذا لم تنشئ حسابًا، فيمكنك تجاهل هذه الرسالة.',
    },
    verify_email_by_code: {
      subject: 'رمز التحقق الخاص بك',
      heading: 'أكّد عنوان بريدك الإلكتروني',
      paragraphs: [`أدخل هذا الرمز لتأكيد عنوانك لدى ${app}.`],
      code: 'الرمز',
      notice: 'إذا لم تطلب ذلك، فيمكنك تجاهل هذه الرسالة.',
    },
    auth_email_by_code: {
      subject: 'رمز تسجيل الدخول',
      heading: 'رمز تسجيل الدخول',
      paragraphs: [`أدخل هذا الرمز لتسجيل الدخول إلى ${app}.`],
      code: 'الرمز',
      notice: 'لا تشارك الرمز مع أحد. إذا لم تحاول تسجيل الدخول، فيمكنك تجاهل هذه الرسالة.',
    },
    reset_email: {
      subject: 'إعادة تعيين كلمة المرور',
      heading: 'إعادة تعيين كلمة المرور',
      paragraphs: [`طُلبت كلمة مرور جديدة لحسابك لدى ${app}.`],
      button: 'اختيار كلمة مرور جديدة',
      notice: 'إذا لم تكن أنت من طلب ذلك، فتجاهل هذه الرسالة: ستبقى كلمة مرورك كما هي.',
    },
    reset_email_by_code: {
      subject: 'رمز إعادة تعيين كلمة المرور',
      heading: 'إعادة تعيين كلمة المرور',
      paragraphs: [`أدخل هذا الرمز لاختيار كلمة مرور جديدة لحسابك لدى ${app}.`],
      code: 'الرمز',
      notice: 'إذا لم تكن أنت من طلب ذلك، فتجاهل هذه الرسالة: ستبقى كلمة مرورك كما هي.',
    },
    welcome_email: {
      subject: `مرحبًا بك في ${app}`,
      heading: 'مرحبًا بك!',
      paragraphs: [`تم تأكيد عنوان بريدك الإلكتروني، وحسابك لدى ${app} جاهز.`],
    },
    blocked_account: {
      subject: 'تم حظر تسجيل الدخول إلى حسابك',
      heading: 'تم حظر تسجيل الدخول',
      paragraphs: [
        `جرت محاولات فاشلة كثيرة لتسجيل الدخول إلى حسابك لدى ${app}{% if user.source_ip %} من العنوان {{ user.source_ip }}{% if user.city %} ({{ user.city }}، {{ user.country }}){% endif %}{% endif %}. أوقفنا أي محاولات أخرى من هناك.`,
      ],
      button: 'كنت أنا: إلغاء الحظر',
      notice: 'إذا لم تكن أنت، فربما يحاول أحدهم تخمين كلمة مرورك. تأكد من أنها قوية.',
    },
    stolen_credentials: {
      subject: 'كلمة مرورك معروفة لآخرين',
      heading: 'غيّر كلمة مرورك',
      paragraphs: [
        `تظهر كلمة مرور حسابك لدى ${app} في قائمة كلمات مرور سُرقت من مكان آخر. غيّرها هنا وفي كل مكان آخر تستخدمها فيه.`,
      ],
    },
    enrollment_email: {
      subject: 'أضف خطوة ثانية لتسجيل الدخول',
      heading: 'احمِ حسابك',
      paragraphs: ['طُلب منك إضافة خطوة ثانية لتسجيل الدخول، مثل تطبيق على هاتفك.'],
      button: 'إعداد',
    },
    mfa_oob_code: {
      subject: 'رمز التحقق الخاص بك',
      heading: 'رمز التحقق الخاص بك',
      paragraphs: [`أدخل هذا الرمز لإكمال تسجيل الدخول إلى ${app}.`],
      code: 'الرمز',
      notice: 'لا تشارك الرمز مع أحد. إذا لم تحاول تسجيل الدخول، فهناك من يعرف كلمة مرورك: غيّرها.',
    },
    user_invitation: {
      subject: 'دعوة{% if organization.display_name %} إلى {{ organization.display_name }}{% endif %}',
      heading: 'لديك دعوة',
      paragraphs: [
        '{% if inviter.name %}تلقيت دعوة من {{ inviter.name }}{% else %}تلقيت دعوة{% endif %} للانضمام إلى {{ organization.display_name | default: friendly_name }}.',
      ],
      button: 'قبول الدعوة',
      notice: 'إذا كنت لا تعرف سبب هذه الرسالة، فيمكنك تجاهلها.',
    },
    async_approval: {
      subject: 'الموافقة على تسجيل الدخول',
      heading: 'الموافقة على تسجيل الدخول',
      paragraphs: [`يطلب ${app} موافقتك. لا تفتح الرابط إلا إذا كنت تتوقع ذلك.`],
      button: 'عرض الطلب',
    },
    import_report: {
      subject: 'استيراد إلى {{ connection.name }}: {% if import.is_failed %}فشل{% else %}اكتمل{% endif %}',
      heading: '{% if import.is_failed %}فشل استيراد{% else %}اكتمل استيراد{% endif %}',
      paragraphs: [
        'استيراد المستخدمين إلى {{ connection.name }} {% if import.is_failed %}توقف قبل نهايته: {{ import.problem }}{% else %}قرأ ملفه كاملًا.{% endif %}',
        'أُضيف: {{ import.inserted }}. حُدّث: {{ import.updated }}. دون تغيير: {{ import.unchanged }}. فشل: {{ import.failed }}.',
      ],
      button: 'عرض الصفوف',
    },
  },
};
