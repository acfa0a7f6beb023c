import { Radio, Stack, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWorkplace } from '../../api/management.ts';
import { CreateDialog } from '../../ui/create-dialog.tsx';
import { type ApplicationType, applicationTypes, isPublicType } from './application-queries.ts';
import { applicationTexts } from './texts.ts';

/** What a kind asks tokens by. */
const grantTypes: Readonly<Record<ApplicationType, string[]>> = {
  spa: ['authorization_code', 'refresh_token'],
  regular_web: ['authorization_code', 'refresh_token'],
  native: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  non_interactive: ['client_credentials'],
};

/** Makes an application with what its kind needs and nothing beyond. */
export function CreateApplication({ onClose }: { readonly onClose: () => void }) {
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [type, setType] = useState<ApplicationType>('spa');
  const creation = useMutation({
    mutationFn: () =>
      management.call(operations.createClient, {
        body: {
          name: name.trim(),
          app_type: type,
          oidc_conformant: true,
          grant_types: grantTypes[type],
          jwt_configuration: { alg: 'RS256' },
          token_endpoint_auth_method: isPublicType(type) ? 'none' : 'client_secret_post',
          // Whoever has no secret proves by a new refresh token each time that nobody else has the last one.
          ...(isPublicType(type)
            ? {
                refresh_token: {
                  rotation_type: 'rotating',
                  expiration_type: 'expiring',
                  leeway: 10,
                  token_lifetime: 2_592_000,
                  idle_token_lifetime: 1_296_000,
                },
              }
            : {}),
        },
      }),
    onSuccess: async ({ body }) => {
      await queries.invalidateQueries({ queryKey: ['applications'] });
      await navigate({ to: '/applications/$id', params: { id: body.client_id ?? '' }, ignoreBlocker: true });
    },
  });
  return (
    <CreateDialog title={applicationTexts.create} creation={creation} onClose={onClose} typed={[name]}>
      <TextInput
        label={applicationTexts.name}
        required
        data-autofocus
        maxLength={1000}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Radio.Group
        label={applicationTexts.type}
        value={type}
        onChange={(value) => {
          const chosen = applicationTypes.find((one) => one === value);
          if (chosen) setType(chosen);
        }}
      >
        <Stack gap="xs" mt="xs">
          {applicationTypes.map((value) => (
            <Radio key={value} value={value} label={applicationTexts[value]} />
          ))}
        </Stack>
      </Radio.Group>
    </CreateDialog>
  );
}
