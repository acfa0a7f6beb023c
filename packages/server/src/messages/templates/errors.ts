import { ApiError } from '../../platform/http/errors.ts';

export class TemplateNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_email_template', 'The template does not exist.');
  }
}

export class TemplateExistsError extends ApiError {
  constructor(name: string, options: { cause: unknown }) {
    super(409, undefined, `Template ${name} already exists.`, options);
  }
}
