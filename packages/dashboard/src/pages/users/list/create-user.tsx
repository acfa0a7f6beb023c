import { PasswordInput, Radio, Select, Stack, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { texts } from '../../../texts/texts.ts';
import { CreateDialog } from '../../../ui/create-dialog.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { showToast } from '../../../ui/toasts.tsx';
import { createTexts } from '../create-texts.ts';
import { generatePassword } from '../generate-password.ts';
import { type IdentifierName, useCreatableConnections } from '../identifiers.ts';
import { NewPassword } from './new-password.tsx';

const labels = {
  email: [texts.email, 'email', 'email'],
  username: [texts.username, 'text', 'off'],
  phone_number: [texts.phoneNumber, 'tel', 'off'],
} as const;

/** The first field comes after the dialog took the focus, once the connections are known. */
const focus = (field: HTMLInputElement | null) => field?.focus();

type PasswordChoice = 'generated' | 'typed' | 'invited';

/** Makes a user with what their connection knows people by: a password that is made or typed, or an invitation by mail. */
export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayInvite = useMay('create:user_tickets');
  const [chosen, setChosen] = useState<string | null>(null);
  const [values, setValues] = useState<Readonly<Partial<Record<IdentifierName, string>>>>({});
  const [choice, setChoice] = useState<PasswordChoice>('generated');
  const [typed, setTyped] = useState('');
  const [generated] = useState(generatePassword);
  const connections = useCreatableConnections();
  const rules =
    connections.data?.find(({ name }) => name === chosen) ??
    connections.data?.find(({ strategy }) => strategy === 'auth0') ??
    connections.data?.[0];
  const identifiers = rules?.identifiers ?? [];
  const isInvited = choice === 'invited' && rules?.hasPassword === true;
  const open = async (id: string) => {
    onClose();
    await navigate({ to: '/users/$id', params: { id }, ignoreBlocker: true });
  };
  const creation = useMutation({
    mutationFn: async () => {
      const filled = identifiers.flatMap(({ name }) => (values[name] ? [[name, values[name]] as const] : []));
      const { body } = await management.call(operations.createUser, {
        body: {
          connection: rules?.name ?? '',
          ...Object.fromEntries(filled),
          ...(rules?.hasPassword ? { password: choice === 'typed' ? typed : generated } : {}),
          // The link of the invitation goes to the same address.
          ...(isInvited ? { verify_email: false } : {}),
        },
      });
      const id = body.user_id ?? '';
      if (!isInvited) return { id, problem: undefined };
      // The user is there: that the mail failed is said on their page, where it can be sent again.
      return management
        .call(operations.sendPasswordResetEmail, { parameters: { id } })
        .then(() => ({ id, problem: undefined }))
        .catch((problem: unknown) => ({ id, problem }));
    },
    onSuccess: async ({ id, problem }) => {
      await queries.invalidateQueries({ queryKey: ['users'] });
      if (isInvited)
        showToast({
          text: problem === undefined ? createTexts.invited : `${createTexts.notInvited} ${toText(problem)}`,
        });
      if (choice !== 'generated' || rules?.hasPassword !== true) await open(id);
    },
  });
  const made = creation.data;
  return (
    <CreateDialog
      title={texts.createUser}
      creation={creation}
      onClose={onClose}
      typed={[...Object.values(values), choice === 'typed' ? typed : '']}
      outcome={
        made && choice === 'generated' && rules?.hasPassword ? (
          <NewPassword password={generated} onOpen={() => void open(made.id)} />
        ) : undefined
      }
    >
      {connections.error && <Problem error={connections.error} />}
      <Select
        label={texts.connection}
        data={connections.data?.map(({ name }) => name) ?? []}
        value={rules?.name ?? null}
        onChange={setChosen}
        allowDeselect={false}
      />
      {identifiers.map(({ name, isRequired }, index) => {
        const [label, type, autoComplete] = labels[name];
        return (
          <TextInput
            key={name}
            label={label}
            type={type}
            autoComplete={autoComplete}
            spellCheck={false}
            required={isRequired || (isInvited && name === 'email')}
            {...(name === 'phone_number' ? { placeholder: '+491701234567' } : {})}
            {...(index === 0 ? { 'data-autofocus': true, ref: focus } : {})}
            value={values[name] ?? ''}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        );
      })}
      {rules?.hasPassword && (
        <Radio.Group
          label={texts.password}
          value={choice}
          onChange={(value) =>
            setChoice(value === 'typed' ? 'typed' : value === 'invited' ? 'invited' : 'generated')
          }
        >
          <Stack gap={6} mt={6}>
            <Radio value="generated" label={createTexts.generated} description={createTexts.generatedHint} />
            {mayInvite && identifiers.some(({ name }) => name === 'email') && (
              <Radio value="invited" label={createTexts.invite} description={createTexts.inviteHint} />
            )}
            <Radio value="typed" label={createTexts.typed} />
          </Stack>
        </Radio.Group>
      )}
      {rules?.hasPassword && choice === 'typed' && (
        <PasswordInput
          label={createTexts.password}
          autoComplete="new-password"
          required
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    </CreateDialog>
  );
}

const toText = (problem: unknown) => (problem instanceof Error ? problem.message : String(problem));
