export { MailError, PermanentMailError, TransientMailError } from './errors.ts';
export { isAddress, type Mailbox, parseMailbox, toHeaderText } from './mailbox.ts';
export { createMailer, type Mailer, type MailTimeouts, type OutgoingMail } from './mailer.ts';
export { defaultTls, parseSmtpUrl, type SmtpSettings } from './smtp-settings.ts';
