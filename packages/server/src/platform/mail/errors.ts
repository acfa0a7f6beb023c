/** Why a message was not sent. The text says what the server answered, without credentials. */
export abstract class MailError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** Worth another try: no connection, a 4yz answer, or credentials that the operator can mend. */
export class TransientMailError extends MailError {}

/** The same message would be refused again: a 5yz answer to it, or an address that cannot be one. */
export class PermanentMailError extends MailError {}
