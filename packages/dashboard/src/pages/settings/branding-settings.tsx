import { ColorInput, Grid, Skeleton, Stack, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import * as operations from '@muster/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { PageFrame } from '../../ui/page-frame.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { settingsTexts } from './texts.ts';

interface Look {
  readonly primary: string;
  readonly background: string;
  readonly logo: string;
}

/** Colours and logo of the hosted pages, with a preview. */
export function BrandingSettings() {
  const { management } = useWorkplace();
  const mayChange = useMay('update:branding');
  const found = useQuery({
    queryKey: ['branding'],
    queryFn: async (): Promise<Look> => {
      const { colors, logo_url: logo = '' } = (await management.call(operations.getBranding)).body;
      const background = colors?.page_background;
      return {
        primary: colors?.primary ?? '',
        background: typeof background === 'string' ? background : '',
        logo,
      };
    },
  });
  const edits = useEdits<Look>(found.data ?? {});
  const { edit } = edits;
  const saving = useMutation({
    mutationFn: ({ primary, background, logo }: Partial<Look>) =>
      management.call(operations.updateBranding, {
        body: {
          ...(primary === undefined && background === undefined
            ? {}
            : {
                colors: {
                  ...(primary === undefined ? {} : { primary: primary || null }),
                  ...(background === undefined ? {} : { page_background: background || null }),
                },
              }),
          ...(logo === undefined ? {} : { logo_url: logo || null }),
        },
      }),
    onSuccess: async (_answer, saved) => {
      await found.refetch();
      edits.settle(saved);
    },
  });
  if (found.isLoadingError) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={240} />;
  const look = { ...found.data, ...edits.edits };
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate(edits.changed);
          }}
        >
          <Stack>
            {saving.error && <Problem error={saving.error} />}
            <ColorInput
              label={settingsTexts.primaryColor}
              readOnly={!mayChange}
              withEyeDropper={false}
              // Where none is chosen, there is none to show.
              withPreview={look.primary !== ''}
              placeholder={settingsTexts.ownColor}
              value={look.primary}
              onChange={(primary) => edit({ primary })}
            />
            <ColorInput
              label={settingsTexts.backgroundColor}
              readOnly={!mayChange}
              withEyeDropper={false}
              withPreview={look.background !== ''}
              placeholder={settingsTexts.ownColor}
              value={look.background}
              onChange={(background) => edit({ background })}
            />
            <TextInput
              label={settingsTexts.logo}
              placeholder="https://"
              readOnly={!mayChange}
              value={look.logo}
              onChange={(event) => edit({ logo: event.currentTarget.value })}
            />
            <SaveBar edits={edits} saving={saving} />
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Preview look={look} />
      </Grid.Col>
    </Grid>
  );
}

/** The sign-in page itself, made by the server with what is not saved yet; it can be looked at, not used. */
function Preview({ look }: { readonly look: Look }) {
  const { management } = useWorkplace();
  const [settled] = useDebouncedValue(look, 300);
  const preview = useQuery({
    queryKey: ['branding', 'preview', settled],
    placeholderData: (previous) => previous,
    queryFn: async () =>
      (
        await management.call(operations.previewBranding, {
          body: {
            colors: {
              primary: settled.primary || null,
              page_background: settled.background || null,
            },
            logo_url: settled.logo || null,
          },
        })
      ).body.html,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {settingsTexts.preview}
      </Title>
      {preview.error && <Problem error={preview.error} />}
      {preview.data === undefined && !preview.error && <Skeleton height={480} />}
      {preview.data !== undefined && <PageFrame html={preview.data} title={settingsTexts.preview} />}
    </Stack>
  );
}
