import * as operations from '@muster/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';
import { logTexts } from './texts.ts';

/** How far back the plots go, and what one bar of them is. */
export const plotRanges = {
  day: { label: logTexts.plotDay, unit: 'hour', count: 24 },
  week: { label: logTexts.plotWeek, unit: 'day', count: 7 },
  month: { label: logTexts.plotMonth, unit: 'day', count: 30 },
} as const;
export type PlotRange = keyof typeof plotRanges;

/** A range that there is. */
export function readRange(value: string | undefined): PlotRange {
  return value === 'day' || value === 'week' ? value : 'month';
}

/** What happened in each hour or day of the range. */
export function useStatistics(range: PlotRange, isEnabled: boolean) {
  const { management } = useWorkplace();
  const { unit, count } = plotRanges[range];
  return useQuery({
    queryKey: ['statistics', 'plots', range],
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    queryFn: async () =>
      unit === 'hour'
        ? (await management.call(operations.listHourlyStatistics, { query: { hours: count } })).body
        : (await management.call(operations.listDailyStatistics)).body.slice(-count),
  });
}
