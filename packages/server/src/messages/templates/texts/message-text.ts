import type { EmailTemplateName } from '@muster/contract';

/** What a message is: of a template that can be customised, or a report to the owners, which always is the built-in one. */
export type MessageKind = EmailTemplateName | 'import_report';

/** The words of one built-in message. Liquid is allowed everywhere; values are escaped where they are shown. */
export interface MessageText {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Label of the button that opens the message's link. */
  readonly button?: string;
  /** The line above the one-time code. */
  readonly code?: string;
  /** What to do when one did not ask for it. */
  readonly notice?: string;
}

/** Names with a text of their own; the two old names of the reset message share its text. */
export type WrittenTemplateName = Exclude<MessageKind, 'change_password' | 'password_reset'>;

export interface MessageTexts {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** Above the bare link, for mail programs that show no buttons. */
  readonly linkHint: string;
  readonly support: string;
  readonly messages: Readonly<Record<WrittenTemplateName, MessageText>>;
}
