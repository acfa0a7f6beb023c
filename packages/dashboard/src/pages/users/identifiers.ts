import type * as operations from '@muster/contract';
import { listConnections, type ManagementClient } from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';

export type IdentifierName = 'email' | 'username' | 'phone_number';

/** What a connection knows its users by, as far as people who manage them type it. */
export interface ConnectionRules {
  readonly name: string;
  readonly strategy: string;
  readonly identifiers: readonly { readonly name: IdentifierName; readonly isRequired: boolean }[];
  readonly hasPassword: boolean;
}

/** Those that users are made in here: databases and passwordless ones. */
export function useCreatableConnections() {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['connections', 'creatable'],
    queryFn: () => readRules(management, { strategy: ['auth0', 'email', 'sms'] }),
  });
}

/** The rules of one connection; nothing while they are not known. */
export function useConnectionRules(name: string | undefined): ConnectionRules | undefined {
  const { management } = useWorkplace();
  const found = useQuery({
    queryKey: ['connections', 'rules', name],
    staleTime: 60_000,
    enabled: name !== undefined,
    queryFn: () => readRules(management, name === undefined ? {} : { name }),
  });
  return found.data?.find((rules) => rules.name === name);
}

async function readRules(
  management: ManagementClient,
  query: { readonly strategy?: ('auth0' | 'email' | 'sms')[]; readonly name?: string },
): Promise<ConnectionRules[]> {
  const { body } = await management.call(listConnections, {
    query: { ...query, fields: 'name,strategy,options', include_fields: true },
  });
  const list = Array.isArray(body) ? body : body.connections;
  return list.map(toRules);
}

function toRules({
  name = '',
  strategy = '',
  options,
}: Static<typeof operations.Connection>): ConnectionRules {
  if (strategy !== 'auth0') {
    const own: IdentifierName = strategy === 'sms' ? 'phone_number' : 'email';
    return { name, strategy, identifiers: [{ name: own, isRequired: true }], hasPassword: false };
  }
  const attributes = toObject(Reflect.get(Object(options), 'attributes'));
  if (Object.keys(attributes).length === 0) {
    const hasUsername = Reflect.get(Object(options), 'requires_username') === true;
    return {
      name,
      strategy,
      identifiers: [
        { name: 'email', isRequired: true },
        ...(hasUsername ? [{ name: 'username' as const, isRequired: true }] : []),
      ],
      hasPassword: true,
    };
  }
  const identifiers = (['email', 'username', 'phone_number'] as const).flatMap((kind) => {
    const attribute = toObject(attributes[kind]);
    const signUp = toObject(attribute['signup'])['status'];
    const isRequired = attribute['profile_required'] === true || signUp === 'required';
    const isActive = toObject(attribute['identifier'])['active'] === true;
    return isRequired || isActive || kind === 'email' ? [{ name: kind, isRequired }] : [];
  });
  return { name, strategy, identifiers, hasPassword: true };
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
