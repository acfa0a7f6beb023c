import { Button, NumberInput, PasswordInput, Stack, Switch, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import type { Provider } from './message-queries.ts';
import { messageTexts } from './texts.ts';

/** Of a server whose port is not given. */
const defaultPort = 587;

interface Server {
  readonly isEnabled: boolean;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string;
  readonly password: string;
  readonly from: string;
}

function readServer(provider: Provider | null): Server {
  const { smtp_host: host = '', smtp_port: port, smtp_user: user = '' } = provider?.credentials ?? {};
  return {
    isEnabled: provider?.enabled ?? true,
    host,
    port,
    user,
    // The server keeps it to itself.
    password: '',
    from: provider?.default_from_address ?? '',
  };
}

/** An SMTP server and how it is used; a password is sent and never shown. */
export function ProviderForm(props: { readonly provider: Provider | null; readonly onRemove?: () => void }) {
  const { provider } = props;
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayCreate = useMay('create:email_provider');
  const mayUpdate = useMay('update:email_provider');
  const isReadOnly = !(provider === null ? mayCreate : mayUpdate);
  const stored = readServer(provider);
  const edits = useEdits<Server>(stored);
  const { edit } = edits;
  const server: Server = { ...stored, ...edits.edits };
  const isKept = provider?.name === 'smtp';
  const saving = useMutation({
    mutationFn: async (_saved: Partial<Server>) => {
      if (isKept && stored.user !== '' && server.user.trim() === '') throw new Error(messageTexts.userKept);
      const body = { name: 'smtp', ...describeServer(server, isKept ? stored : undefined) } as const;
      await (provider === null
        ? management.call(operations.createEmailProvider, { body })
        : management.call(operations.updateEmailProvider, { body }));
    },
    onSuccess: async (_answer, saved) => {
      await queries.invalidateQueries({ queryKey: ['email-provider'] });
      edits.settle(saved);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(edits.changed);
      }}
    >
      <Stack>
        {saving.error && <Problem error={saving.error} />}
        <Switch
          label={messageTexts.useProvider}
          disabled={isReadOnly}
          checked={server.isEnabled}
          onChange={(event) => edit({ isEnabled: event.currentTarget.checked })}
        />
        <TextInput
          label={messageTexts.host}
          required
          readOnly={isReadOnly}
          spellCheck={false}
          autoCapitalize="none"
          value={server.host}
          onChange={(event) => edit({ host: event.currentTarget.value })}
        />
        <NumberInput
          label={messageTexts.port}
          description={messageTexts.portHint}
          min={1}
          max={65_535}
          allowDecimal={false}
          thousandSeparator=""
          readOnly={isReadOnly}
          value={server.port ?? ''}
          onChange={(value) => edit({ port: typeof value === 'number' ? value : undefined })}
        />
        <TextInput
          label={messageTexts.smtpUser}
          readOnly={isReadOnly}
          spellCheck={false}
          autoComplete="off"
          value={server.user}
          onChange={(event) => edit({ user: event.currentTarget.value })}
        />
        {!isReadOnly && (
          <PasswordInput
            label={messageTexts.smtpPassword}
            description={isKept ? messageTexts.passwordKept : undefined}
            autoComplete="new-password"
            value={server.password}
            onChange={(event) => edit({ password: event.currentTarget.value })}
          />
        )}
        <TextInput
          label={messageTexts.defaultFrom}
          readOnly={isReadOnly}
          spellCheck={false}
          value={server.from}
          onChange={(event) => edit({ from: event.currentTarget.value })}
        />
        <SaveBar edits={edits} saving={saving} />
        {props.onRemove && (
          <div>
            <Button color="red" variant="light" onClick={props.onRemove}>
              {messageTexts.removeProvider}
            </Button>
          </div>
        )}
      </Stack>
    </form>
  );
}

/** The server as the API takes it; of one that is there already, what changed. */
function describeServer(server: Server, stored: Server | undefined) {
  const { host, port, user, password, from, isEnabled } = server;
  const credentials = {
    ...(host.trim() === stored?.host ? {} : { smtp_host: host.trim() }),
    ...(port === stored?.port ? {} : { smtp_port: port ?? defaultPort }),
    ...(user.trim() === '' || user.trim() === stored?.user ? {} : { smtp_user: user.trim() }),
    ...(password === '' ? {} : { smtp_pass: password }),
  };
  return { enabled: isEnabled, default_from_address: from.trim(), credentials };
}
