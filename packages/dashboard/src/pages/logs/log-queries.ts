import * as operations from '@muster/contract';
import { describeProblem, parseQuery } from '@muster/query';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';
import { type QueryProblem, readRefusal } from '../../api/query-refusal.ts';
import { logTexts } from './texts.ts';

export type LogEvent = Partial<Static<typeof operations.LogRecord>>;

const pageSize = 50;
const hour = 3_600_000;

/** Events that people look for, as a part of a query. */
export const kinds = {
  all: { label: logTexts.all, q: '' },
  signIns: { label: logTexts.signIns, q: 'type:(s OR ssa OR seacft OR sepft OR sertft OR sede OR slo)' },
  failures: { label: logTexts.failures, q: 'type:f*' },
  signUps: { label: logTexts.signUps, q: 'type:(ss OR fs)' },
  changes: { label: logTexts.changes, q: 'type:(sapi OR fapi OR mgmt_api_read)' },
  protection: { label: logTexts.protection, q: 'type:(limit_* OR *pwd_leak OR ublkdu OR ferrt)' },
} as const;
export type LogKind = keyof typeof kinds;

/** How far back one looks, in milliseconds. */
export const periods = {
  any: { label: logTexts.anyTime, length: undefined },
  hour: { label: logTexts.hour, length: hour },
  day: { label: logTexts.day, length: 24 * hour },
  week: { label: logTexts.week, length: 7 * 24 * hour },
  month: { label: logTexts.month, length: 30 * 24 * hour },
} as const;
export type LogPeriod = keyof typeof periods;

export interface LogFilter {
  readonly text: string;
  readonly kind: LogKind;
  readonly period: LogPeriod;
  readonly userId?: string | undefined;
}

/** The filter as one query; empty for everything. @param now milliseconds since 1970 */
export function toLogQuery({ text, kind, period, userId }: LogFilter, now: number): string {
  const length = periods[period].length;
  const parts = [
    text.trim() === '' ? '' : `(${text.trim()})`,
    kinds[kind].q,
    length === undefined ? '' : `date:[${new Date(now - length).toISOString()} TO *]`,
    userId === undefined ? '' : `user_id:${quote(userId)}`,
  ];
  return parts.filter((part) => part !== '').join(' AND ');
}

/**
 * What is wrong with the text that was typed, at its place there: by itself, for the server is sent a longer query, or as the
 * server says, which knows the fields.
 */
export function readLogProblem(typed: string, error: unknown): QueryProblem | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  const parsed = parseQuery(text);
  if (!parsed.isValid) {
    const { span, suggestion } = parsed.problem;
    const message = describeProblem(parsed.problem, text);
    return { message, ...span, ...(suggestion === undefined ? {} : { suggestion }) };
  }
  const refusal = readRefusal(error);
  // It was sent within a parenthesis.
  return refusal && { ...refusal, start: refusal.start - 1, end: refusal.end - 1 };
}

/** A value as a phrase of the search language. */
export function quote(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** What happened, newest first. */
export function useLogs(filter: LogFilter) {
  const { management } = useWorkplace();
  return useInfiniteQuery({
    queryKey: ['logs', filter],
    initialPageParam: 0,
    queryFn: async ({ pageParam: page }): Promise<LogEvent[]> => {
      const query = { page, per_page: pageSize };
      const { userId } = filter;
      if (userId !== undefined && toLogQuery({ ...filter, userId: undefined }, 0) === '') {
        const { body } = await management.call(operations.listUserLogs, {
          parameters: { id: userId },
          query,
        });
        return Array.isArray(body) ? body : body.logs;
      }
      const q = toLogQuery(filter, Date.now());
      const { body } = await management.call(operations.listLogs, {
        query: { ...query, ...(q === '' ? {} : { q }) },
      });
      return Array.isArray(body) ? body : body.logs;
    },
    getNextPageParam: (last, _all, page) => (last.length < pageSize ? undefined : page + 1),
  });
}

/** One event, by its id. */
export function useLogEvent(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['logs', 'event', id],
    queryFn: async () => (await management.call(operations.getLog, { parameters: { id } })).body,
  });
}
