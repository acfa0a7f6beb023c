import { Badge, Skeleton, Table, Text } from '@mantine/core';
import { ListTable } from '../../ui/list-table.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useTemplates } from './message-queries.ts';
import { isOn } from './template-defaults.ts';
import { messageTexts } from './texts.ts';

/** Every template that there is, and which of them are the tenant's own. */
export function TemplateList() {
  const found = useTemplates();
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  return (
    <ListTable minWidth={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{messageTexts.template}</Table.Th>
          <Table.Th>{messageTexts.subject}</Table.Th>
          <Table.Th>{messageTexts.status}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {found.data.map(({ name, template }) => (
          <Table.Tr key={name}>
            <Table.Td>
              <RouteLink to="/messages/templates/$name" params={{ name }}>
                {messageTexts[name]}
              </RouteLink>
              <Text size="xs" c="dimmed">
                {name}
              </Text>
            </Table.Td>
            <Table.Td>{template?.subject ?? ''}</Table.Td>
            <Table.Td>
              <Badge variant="light" tt="none" color={template ? 'indigo' : 'gray'}>
                {template ? messageTexts.customised : messageTexts.builtIn}
              </Badge>{' '}
              <Badge variant="dot" tt="none" color={isOn(name, template) ? 'teal' : 'gray.6'}>
                {isOn(name, template) ? messageTexts.on : messageTexts.off}
              </Badge>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  );
}
