import type { MessageTexts } from './message-text.ts';

const app = '{{ application.name | default: friendly_name }}';

export const ja: MessageTexts = {
  locale: 'ja',
  direction: 'ltr',
  linkHint: 'ボタンが機能しない場合は、次のアドレスをブラウザーに貼り付けてください。',
  support: 'お問い合わせ先:',
  messages: {
    verify_email: {
      subject: 'メールアドレスの確認',
      heading: 'メールアドレスの確認',
      paragraphs: [
        `${app} でご利用いただくため、{{ user.email }} がお客様のアドレスであることをご確認ください。`,
      ],
      button: 'アドレスを確認する',
      notice: 'アカウントを作成した覚えがない場合は、このメールを無視してください。',
    },
    verify_email_by_code: {
      subject: '確認コード',
      heading: 'メールアドレスの確認',
      paragraphs: [`${app} でアドレスを確認するため、次のコードを入力してください。`],
      code: 'コード',
      notice: 'お心当たりがない場合は、このメールを無視してください。',
    },
    auth_email_by_code: {
      subject: 'ログインコード',
      heading: 'ログインコード',
      paragraphs: [`${app} にログインするため、次のコードを入力してください。`],
      code: 'コード',
      notice:
        'このコードは誰にも教えないでください。ログインした覚えがない場合は、このメールを無視してください。',
    },
    reset_email: {
      subject: 'パスワードの再設定',
      heading: 'パスワードの再設定',
      paragraphs: [`${app} のアカウントについて、パスワードの再設定が申し込まれました。`],
      button: '新しいパスワードを設定する',
      notice: 'お心当たりがない場合は、このメールを無視してください。パスワードは変更されません。',
    },
    reset_email_by_code: {
      subject: 'パスワード再設定コード',
      heading: 'パスワードの再設定',
      paragraphs: [`${app} のアカウントのパスワードを再設定するため、次のコードを入力してください。`],
      code: 'コード',
      notice: 'お心当たりがない場合は、このメールを無視してください。パスワードは変更されません。',
    },
    welcome_email: {
      subject: `${app} へようこそ`,
      heading: 'ようこそ',
      paragraphs: [`メールアドレスが確認され、${app} のアカウントをご利用いただけるようになりました。`],
    },
    blocked_account: {
      subject: 'アカウントへのログインをブロックしました',
      heading: 'ログインをブロックしました',
      paragraphs: [
        `${app} のアカウントに対し、{% if user.source_ip %}アドレス {{ user.source_ip }}{% if user.city %}（{{ user.city }}、{{ user.country }}）{% endif %} から{% endif %}ログインの失敗が繰り返されたため、以後の試行をブロックしました。`,
      ],
      button: '自分の操作です: 解除する',
      notice:
        'お心当たりがない場合、誰かがパスワードを推測している可能性があります。強力なパスワードをご使用ください。',
    },
    stolen_credentials: {
      subject: 'パスワードが漏えいしています',
      heading: 'パスワードを変更してください',
      paragraphs: [
        `${app} のアカウントのパスワードが、他所で盗まれたパスワードの一覧に含まれています。ここと、同じパスワードをお使いのすべてのサービスで変更してください。`,
      ],
    },
    enrollment_email: {
      subject: '2 段階認証の設定',
      heading: 'アカウントを保護する',
      paragraphs: ['ログインに 2 つ目の手順（スマートフォンのアプリなど）を追加するよう求められています。'],
      button: '設定する',
    },
    mfa_oob_code: {
      subject: '確認コード',
      heading: '確認コード',
      paragraphs: [`${app} へのログインを完了するため、次のコードを入力してください。`],
      code: 'コード',
      notice:
        'このコードは誰にも教えないでください。ログインした覚えがない場合は、誰かがパスワードを知っています。変更してください。',
    },
    user_invitation: {
      subject: '{% if organization.display_name %}{{ organization.display_name }} への{% endif %}招待',
      heading: '招待が届いています',
      paragraphs: [
        '{% if inviter.name %}{{ inviter.name }} さんから、{% endif %}{{ organization.display_name | default: friendly_name }} への招待が届いています。',
      ],
      button: '招待を受ける',
      notice: 'お心当たりがない場合は、このメールを無視してください。',
    },
    async_approval: {
      subject: 'ログインの承認',
      heading: 'ログインの承認',
      paragraphs: [`${app} が承認を求めています。お心当たりがある場合のみリンクを開いてください。`],
      button: '内容を確認する',
    },
    import_report: {
      subject: '{{ connection.name }} へのインポート：{% if import.is_failed %}失敗{% else %}完了{% endif %}',
      heading:
        '{% if import.is_failed %}インポートが失敗しました{% else %}インポートが完了しました{% endif %}',
      paragraphs: [
        '{{ connection.name }} へのユーザーのインポートは{% if import.is_failed %}途中で停止しました：{{ import.problem }}{% else %}ファイルをすべて読み終えました。{% endif %}',
        '追加：{{ import.inserted }}、更新：{{ import.updated }}、変更なし：{{ import.unchanged }}、失敗：{{ import.failed }}',
      ],
      button: '行を確認する',
    },
  },
};
