import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { useClientNames } from '../../applications/client-names.ts';

const machine = /@clients$/;

/** Names of those who did something, by the `sub` of their token; it stands for those who are gone, or not to be read. */
export function useDoerNames(subjects: readonly string[]): (subject: string) => string {
  const { management } = useWorkplace();
  const nameClient = useClientNames(subjects.some((subject) => machine.test(subject)));
  const mayReadTeam = useMay('read:administrators');
  const team = useQuery({
    queryKey: ['administrators', 'names'],
    enabled: mayReadTeam && subjects.some((subject) => !machine.test(subject)),
    staleTime: 60_000,
    queryFn: async () => {
      const { body } = await management.call(operations.listAdministrators);
      return new Map(body.administrators.map(({ user_id: id, name, email }) => [id, name ?? email ?? id]));
    },
  });
  return (subject) =>
    machine.test(subject) ? nameClient(subject.replace(machine, '')) : (team.data?.get(subject) ?? subject);
}
