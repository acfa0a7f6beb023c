import * as operations from '@muster/contract';
import {
  type CallAnswer,
  type EmailTemplateName,
  emailTemplateNames,
  ManagementCallError,
} from '@muster/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';
import { messageTexts } from './texts.ts';

export type Message = Static<typeof operations.Message>;
export type RenderedMessage = Static<typeof operations.RenderedMessage>;
export type Template = Static<typeof operations.EmailTemplate>;
export type TemplateChange = operations.BodyOf<typeof operations.updateEmailTemplate>;
export type Provider = Static<typeof operations.EmailProvider>;

const pageSize = 50;
/** Milliseconds between two looks while mail is waiting. */
const pause = 5_000;

/** What mail of a template is about, in words. */
export function nameKind(kind: string): string {
  const name = kind === 'import_report' ? kind : findTemplateName(kind);
  return name === undefined ? kind : messageTexts[name];
}

export function findTemplateName(text: string): EmailTemplateName | undefined {
  return emailTemplateNames.find((name) => name === text);
}

/** The outbox, newest first, of everybody or of one user. */
export function useMessages(userId: string | undefined) {
  const { management } = useWorkplace();
  return useInfiniteQuery({
    queryKey: ['messages', 'list', userId],
    initialPageParam: 0,
    queryFn: async ({ pageParam: page }) => {
      const query = { page, per_page: pageSize, ...(userId === undefined ? {} : { user_id: userId }) };
      const { body } = await management.call(operations.listMessages, { query });
      return Array.isArray(body) ? body : body.messages;
    },
    getNextPageParam: (last, _all, page) => (last.length < pageSize ? undefined : page + 1),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.some(({ status }) => status === 'pending')) ? pause : false,
  });
}

/** One message as it is or was sent. */
export function useMessage(id: number) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['messages', id],
    queryFn: async () => (await management.call(operations.getMessage, { parameters: { id } })).body,
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? pause : false),
  });
}

/** A template as it was customised; `null` while the built-in one is sent. */
export function useTemplate(name: EmailTemplateName) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['email-templates', name],
    queryFn: () => readOrNull(management.call(operations.getEmailTemplate, nameParameter(name))),
  });
}

/** All templates there are, customised or not. */
export function useTemplates() {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['email-templates'],
    queryFn: () =>
      Promise.all(
        emailTemplateNames.map(async (name) => ({
          name,
          template: await readOrNull(management.call(operations.getEmailTemplate, nameParameter(name))),
        })),
      ),
  });
}

/** Changes a customised template; makes it, from the whole one, where there was none. */
export function useTemplateChange(stored: Template | null, shown: Template) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: TemplateChange) =>
      stored === null
        ? management.call(operations.createEmailTemplate, { body: { ...shown, ...change } })
        : management.call(operations.updateEmailTemplate, { ...nameParameter(shown.template), body: change }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['email-templates'] }),
  });
}

/** The tenant's way to send mail, without its secret; `null` where there is none. */
export function useProvider() {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['email-provider'],
    queryFn: () =>
      readOrNull(
        management.call(operations.getEmailProvider, {
          query: { fields: 'name,enabled,default_from_address,credentials', include_fields: true },
        }),
      ),
  });
}

/** What these parts make of an example, rendered by the server; the last good one stays while the next is made. */
export function useTemplatePreview(
  name: EmailTemplateName,
  parts: Pick<TemplateChange, 'body' | 'subject' | 'from'>,
) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['email-templates', name, 'preview', parts],
    placeholderData: (previous) => previous,
    queryFn: async () =>
      (await management.call(operations.previewEmailTemplate, { ...nameParameter(name), body: parts })).body,
  });
}

const nameParameter = (templateName: EmailTemplateName) => ({ parameters: { templateName } });

async function readOrNull<Body>(calling: Promise<CallAnswer<Body>>): Promise<Body | null> {
  try {
    return (await calling).body;
  } catch (error) {
    if (error instanceof ManagementCallError && error.statusCode === 404) return null;
    throw error;
  }
}
