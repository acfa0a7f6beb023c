import type { SignUpField } from '@muster/contract';
import type { Connection } from '../../connections/index.ts';
import type { Field, Language, Texts } from '../pages/index.ts';
import type { Form } from './flow.ts';

/** What of the extra fields' names goes before them in the form, so that none is another field. */
const prefix = 'metadata_';

/** E-mail address, username and telephone number, as far as the connection takes them from new people. */
export function listIdentifierFields({ options }: Connection, texts: Texts, form: Form): Field[] {
  const { signup } = texts.signup;
  const { atSignUp } = options.identifiers;
  const fields: readonly (Field & { readonly rule: string })[] = [
    {
      name: 'email',
      label: signup.emailLabel,
      type: 'email',
      autocomplete: 'email',
      maxLength: 254,
      rule: atSignUp.email,
    },
    {
      name: 'username',
      label: signup.usernameLabel,
      type: 'text',
      autocomplete: 'username',
      maxLength: 128,
      rule: atSignUp.username,
    },
    {
      name: 'phone_number',
      label: signup.phoneLabel,
      type: 'tel',
      autocomplete: 'tel',
      maxLength: 30,
      rule: atSignUp.phone_number,
    },
  ];
  return fields
    .filter(({ rule }) => rule !== 'inactive')
    .map(({ rule, ...field }) => ({
      ...field,
      isRequired: rule === 'required',
      value: form[field.name] ?? '',
    }));
}

/** The tenant's own fields. */
export function listExtraFields(fields: readonly SignUpField[], language: Language, form: Form): Field[] {
  return fields.map((field) => ({
    name: prefix + field.name,
    label: chooseLabel(field.label, language),
    type: field.type ?? 'text',
    autocomplete: 'on',
    isRequired: field.required === true,
    maxLength: field.max_length ?? 500,
    value: form[prefix + field.name] ?? '',
    choices: (field.choices ?? []).map(({ value, label }) => ({
      value,
      label: chooseLabel(label, language),
    })),
  }));
}

/** In the page's language, else in English: the first that happens to be there is no better a guess. */
function chooseLabel(label: SignUpField['label'], language: Language): string {
  return typeof label === 'string'
    ? label
    : (label[language] ?? label['en'] ?? Object.values(label)[0] ?? '');
}

/** The values of the tenant's fields as `user_metadata`, or the names in the form of those that are missing or no such value. */
export function readExtraFields(
  fields: readonly SignUpField[],
  form: Form,
): { readonly metadata: Readonly<Record<string, unknown>>; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const metadata: Record<string, unknown> = {};
  for (const field of fields) {
    const text = (form[prefix + field.name] ?? '').trim();
    if (text === '' && field.type !== 'checkbox') {
      if (field.required) wrong.push(prefix + field.name);
      continue;
    }
    const value = readValue(field, text);
    if (value === undefined || (field.required && value === false)) wrong.push(prefix + field.name);
    else metadata[field.name] = value;
  }
  return { metadata, wrong };
}

function readValue(
  { type = 'text', max_length: longest = 500, choices }: SignUpField,
  text: string,
): unknown {
  if (text.length > longest) return undefined;
  switch (type) {
    case 'checkbox':
      return text === 'true';
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
    case 'select':
      return choices?.some(({ value }) => value === text) ? text : undefined;
    default:
      return text;
  }
}
