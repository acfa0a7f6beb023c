import type { Texts } from './en.ts';

export const ja: Texts = {
  login: {
    login: {
      pageTitle: 'ログイン | ${clientName}',
      title: 'おかえりなさい',
      description: '${clientName} に進むにはログインしてください。',
      usernameLabel: 'メールアドレスまたはユーザー名',
      passwordLabel: 'パスワード',
      buttonText: '続ける',
      forgotPasswordText: 'パスワードをお忘れですか？',
      footerText: 'アカウントをお持ちでない場合',
      footerLinkText: 'アカウントを作成',
      wrongCredentials: 'メールアドレスまたはパスワードが正しくありません。',
      tooManyAttempts: '試行回数が多すぎます。しばらく待ってからもう一度お試しください。',
      tooManyWrongPasswords:
        'パスワードの誤りが続いたため、ログインをブロックしました。このアカウントが存在する場合は、解除方法を記したメッセージを送信しました。',
      missing: 'メールアドレスまたはユーザー名とパスワードを入力してください。',
      missingUsername: 'メールアドレスまたはユーザー名を入力してください。',
      missingPassword: 'パスワードを入力してください。',
      separatorText: 'または',
      federatedButton: '${connectionName} で続ける',
    },
  },
  'login-id': {
    'login-id': {
      pageTitle: 'ログイン | ${clientName}',
      title: 'ようこそ',
      description: '${clientName} に進むにはログインしてください。',
    },
  },
  'login-password': {
    'login-password': {
      pageTitle: 'パスワードの入力 | ${clientName}',
      title: 'パスワードを入力',
      description: '${clientName} に進みます。',
      editText: '変更',
    },
  },
  signup: {
    signup: {
      pageTitle: 'アカウントの作成 | ${clientName}',
      title: 'アカウントを作成',
      description: '${clientName} に進むには登録してください。',
      emailLabel: 'メールアドレス',
      usernameLabel: 'ユーザー名',
      phoneLabel: '電話番号',
      passwordLabel: 'パスワード',
      buttonText: '続ける',
      footerText: 'すでにアカウントをお持ちの場合',
      footerLinkText: 'ログイン',
      disabled: '新規登録は受け付けていません。',
      invalidEmail: 'このメールアドレスは使用できません。',
      invalidUsername: 'このユーザー名は使用できません。',
      invalidPhone: 'この電話番号は使用できません。+ と国番号から入力してください。',
      exists:
        'このアカウントは作成できません。すでにアカウントをお持ちの場合は、ログインするか新しいパスワードを設定してください。',
      missing: 'この項目を入力してください。',
      weakPassword: 'このパスワードは下の条件を満たしていません。',
    },
  },
  'reset-password': {
    'reset-password-request': {
      pageTitle: 'パスワードの再設定',
      title: 'パスワードをお忘れですか？',
      description: 'メールアドレスを入力してください。新しいパスワードを設定するためのリンクをお送りします。',
      emailLabel: 'メールアドレスまたはユーザー名',
      buttonText: 'リンクを送信',
      backText: 'ログインに戻る',
      disabled: 'ここではパスワードを再設定できません。',
    },
    'reset-password-email': {
      pageTitle: 'メールをご確認ください',
      title: 'メールをご確認ください',
      description:
        'このアドレスのアカウントがある場合、新しいパスワードを設定するためのリンクをお送りしました。',
      again: '届かない場合は、迷惑メールフォルダーもご確認ください。',
      againLink: 'もう一度送信',
    },
    'reset-password': {
      pageTitle: '新しいパスワード',
      title: '新しいパスワードを設定',
      description: 'ほかのすべてのデバイスからログアウトされます。',
      passwordLabel: '新しいパスワード',
      buttonText: 'パスワードを変更',
    },
    'reset-password-success': {
      pageTitle: 'パスワードを変更しました',
      title: 'パスワードを変更しました',
      description: '新しいパスワードでログインできます。',
    },
    'reset-password-error': {
      pageTitle: 'このリンクは使えません',
      title: 'このリンクは使えなくなりました',
      expired: '有効期限が切れています。ログイン画面から再度お手続きください。',
      used: 'すでに使用されています。ログイン画面から再度お手続きください。',
      unknown:
        'リンクが途中で切れているか、正しくありません。メールからもう一度開くか、再度お手続きください。',
    },
  },
  'email-verification': {
    'email-verification-result': {
      pageTitle: 'メールアドレスの確認',
      verifiedTitle: 'メールアドレスを確認しました',
      verifiedDescription: 'メールアドレスの確認が完了しました。アプリケーションに戻って続けてください。',
      errorTitle: 'このリンクは使えなくなりました',
      expired: '有効期限が切れています。アプリケーションから再度お手続きください。',
      used: 'このリンクでメールアドレスはすでに確認済みです。',
      unknown: 'リンクが途中で切れているか、正しくありません。メールからもう一度開いてください。',
    },
  },
  'brute-force-protection': {
    'brute-force-protection-unblock': {
      pageTitle: 'ログインのブロック解除',
      title: 'ログインのブロックを解除しますか？',
      description:
        'パスワードの誤りが続いたため、IP アドレス ${ip} からのログインをブロックしました。ご自身の操作であれば、解除してください。',
      everywhere:
        'パスワードの誤りが続いたため、ログインをブロックしました。ご自身の操作であれば、解除してください。',
      buttonText: '解除する',
    },
    'brute-force-protection-unblock-success': {
      pageTitle: 'ブロックを解除しました',
      title: 'ブロックを解除しました',
      description:
        'もう一度ログインできます。パスワードを忘れた場合は、ログイン画面で新しいパスワードを設定してください。',
    },
    'brute-force-protection-unblock-failure': {
      pageTitle: 'このリンクは使えません',
      title: 'このリンクは使えなくなりました',
      expired: '有効期限が切れています。新しいパスワードを設定してもブロックは解除されます。',
      used: 'このリンクでブロックはすでに解除済みです。',
      unknown: 'リンクが途中で切れているか、正しくありません。メールからもう一度開いてください。',
    },
  },
  consent: {
    consent: {
      pageTitle: '${clientName} にアクセスを許可',
      title: '${clientName} にアクセスを許可',
      description: '${clientName} がアカウントへのアクセスを求めています。',
      acceptButtonText: '許可',
      declineButtonText: '拒否',
      profile: '名前と画像',
      email: 'メールアドレス',
      phone: '電話番号',
      address: '住所',
      offlineAccess: 'ログインしていない間のアクセス',
      openid: 'ユーザー ID',
    },
  },
  'device-flow': {
    'device-code-activation': {
      pageTitle: 'デバイスの接続',
      title: 'デバイスを接続',
      description: 'デバイスに表示されているコードを入力してください。',
      codeLabel: 'コード',
      buttonText: '続ける',
      wrongCode: 'コードが正しくないか、有効期限が切れています。',
      checkDescription: 'デバイスに同じコードが表示されていることを確認してください。',
    },
    'device-code-confirmation': {
      pageTitle: 'デバイスの接続',
      title: 'デバイスに表示されたコードと同じですか？',
      description:
        'そのデバイスで ${clientName} にログインします。心当たりがない場合はキャンセルしてください。',
      confirmButtonText: '確認',
      cancelButtonText: 'キャンセル',
    },
    'device-code-activation-denied': {
      pageTitle: 'デバイスは接続されていません',
      title: 'デバイスは接続されていません',
      description: 'リクエストは拒否されました。このページは閉じていただいてかまいません。',
    },
    'device-code-activation-allowed': {
      pageTitle: 'デバイスを接続しました',
      title: 'デバイスを接続しました',
      description: 'デバイスでログインしました。このページは閉じていただいてかまいません。',
    },
  },
  logout: {
    logout: {
      pageTitle: 'ログアウト',
      title: 'ログアウトしますか？',
      description: 'このアカウントを使うすべてのアプリケーションからログアウトします。',
      buttonText: 'ログアウト',
    },
    'logout-complete': {
      pageTitle: 'ログアウトしました',
      title: 'ログアウトしました',
      description: 'ログアウトが完了しました。',
    },
  },
  common: {
    common: {
      showPassword: 'パスワードを表示',
      hidePassword: 'パスワードを隠す',
      rulesTitle: 'パスワードの条件：',
      ruleLength: '${count} 文字以上',
      ruleLowercase: '英小文字 (a–z)',
      ruleUppercase: '英大文字 (A–Z)',
      ruleNumber: '数字 (0–9)',
      ruleSpecial: '記号 (!@#$%^&* など)',
      ruleSome: '次のうち ${count} 種類以上：',
      ruleIdentical: '同じ文字を 3 回続けないこと (aaa)',
      ruleSequential: 'abc や 123 のような並びを使わないこと',
      ruleHistory: '最近使ったパスワードではないこと',
      rulePersonal: '名前やアドレスを含まないこと',
      ruleDictionary: 'よくある単語やパスワードではないこと',
      ruleKept: '満たしています',
      support: 'ヘルプ',
      optional: '任意',
      copy: 'コピー',
      copied: 'コピーしました',
      colon: '：',
      problemCode: 'エラー',
      reference: '問い合わせ番号',
    },
  },
  'error-page': {
    'error-page': {
      pageTitle: '問題が発生しました',
      title: '処理を完了できませんでした',
      description: 'アプリケーションに戻って、もう一度お試しください。',
      expired:
        'このログインは終了したか、別のブラウザーで開始されています。アプリケーションに戻って、もう一度お試しください。',
      forged: 'フォームの有効期限が切れています。戻ってもう一度お試しください。',
      blockedTitle: 'アカウントがブロックされています',
      blocked: 'ブロックの解除は ${clientName} のサポートにお問い合わせください。',
      unknownApplication:
        'このアプリケーションは登録されていません。アプリケーションのサポートにお問い合わせください。',
      wrongCallback: 'アプリケーションが、登録されていないアドレスへの応答を求めました。',
      missingParameter: 'アプリケーションからのリクエストが不完全です。不足しているもの：${names}',
      wrongRequest: 'アプリケーションから、応答できないリクエストが送信されました。',
      wrongLogoutUrl: 'ログアウトしました。移動先のアドレスは許可されていないため、このページに留まります。',
      wrongLogoutHint:
        'アプリケーションが指定したログインは、あなたのものではないか、このサーバーのものではありません。そのためログアウトは行われませんでした。',
      unavailable: 'こちら側で問題が発生しました。しばらくしてからもう一度お試しください。',
    },
  },
};
