import { Button, Code, Group, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { Copy } from '../../ui/copy.tsx';
import type { Application } from './application-queries.ts';
import { applicationTexts } from './texts.ts';

/** What the application names itself by, and its secret where the viewer may see it. */
export function Credentials({ application }: { readonly application: Application }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayRotate = useMay('update:client_keys');
  const [isShown, setIsShown] = useState(false);
  const [isRotating, setIsRotating] = useState(false);
  const { client_id: id = '' } = application;
  // An application that proves nothing has a secret all the same, as the reference's have; nobody should put it to use.
  const secret = application.token_endpoint_auth_method === 'none' ? undefined : application.client_secret;
  const rotation = useMutation({
    mutationFn: () => management.call(operations.rotateClientSecret, { parameters: { id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['applications', id] });
      setIsRotating(false);
    },
  });
  return (
    <Stack gap="sm">
      <Credential label={applicationTexts.domain} value={window.location.host} />
      <Credential label={applicationTexts.clientId} value={id} />
      {secret !== undefined && (
        <Credential label={applicationTexts.secret} value={secret} isHidden={!isShown}>
          <Button size="compact-sm" variant="default" onClick={() => setIsShown(!isShown)}>
            {isShown ? applicationTexts.hide : applicationTexts.show}
          </Button>
          {mayRotate && (
            <Button size="compact-sm" variant="light" color="red" onClick={() => setIsRotating(true)}>
              {applicationTexts.rotate}
            </Button>
          )}
        </Credential>
      )}
      {isRotating && (
        <Confirmation
          title={applicationTexts.rotateTitle}
          action={applicationTexts.rotate}
          error={rotation.error}
          isPending={rotation.isPending}
          onConfirm={() => rotation.mutate()}
          onClose={() => setIsRotating(false)}
        >
          {applicationTexts.rotateHint}
        </Confirmation>
      )}
    </Stack>
  );
}

function Credential(props: {
  readonly label: string;
  readonly value: string;
  readonly isHidden?: boolean;
  readonly children?: React.ReactNode;
}) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {props.label}
      </Text>
      <Group gap="xs">
        <Code style={{ overflowWrap: 'anywhere' }} dir="ltr">
          {props.isHidden === true ? '•'.repeat(16) : props.value}
        </Code>
        <Copy value={props.value} />
        {props.children}
      </Group>
    </div>
  );
}
