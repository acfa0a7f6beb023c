import { Box, Paper, Text } from '@mantine/core';
import { fill } from '../../../texts/texts.ts';
import { diffMetadata, type Metadata } from './metadata.ts';
import { metadataTexts } from './metadata-texts.ts';

/** Changes that are written out; who changes more than these reads the text itself. */
const mostShown = 50;
const signs = { added: '+', changed: '~', removed: '−' } as const;
const colours = { added: 'teal', changed: 'yellow', removed: 'red' } as const;

/** What saving would change, path by path. */
export function MetadataDiff({ before, after }: { readonly before: Metadata; readonly after: Metadata }) {
  const changes = diffMetadata(before, after);
  return (
    <Paper
      withBorder
      p="xs"
      role="region"
      aria-label={metadataTexts.changes}
      tabIndex={0}
      mah={320}
      style={{ overflowY: 'auto' }}
    >
      <Text size="xs" c="dimmed" mb={4}>
        {metadataTexts.changes}
      </Text>
      {changes.slice(0, mostShown).map(({ path, kind, before: old, after: now }) => (
        <Box
          key={path}
          px={6}
          py={2}
          mb={2}
          ff="monospace"
          fz="sm"
          bg={`var(--mantine-color-${colours[kind]}-light)`}
          style={{ overflowWrap: 'anywhere', borderRadius: 'var(--mantine-radius-xs)' }}
        >
          <span title={metadataTexts[kind]}>{signs[kind]}</span> {path}:{' '}
          {kind !== 'added' && <del>{JSON.stringify(old)}</del>}
          {kind === 'changed' && ' → '}
          {kind !== 'removed' && <ins style={{ textDecoration: 'none' }}>{JSON.stringify(now)}</ins>}
        </Box>
      ))}
      {changes.length > mostShown && (
        <Text size="sm" c="dimmed">
          {fill(metadataTexts.more, { count: changes.length - mostShown })}
        </Text>
      )}
    </Paper>
  );
}
