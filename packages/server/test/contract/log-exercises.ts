import type { TestServer } from '../support/test-server.ts';
import { type Exercises, makeUser } from './records.ts';

async function newestLogId(server: TestServer): Promise<string> {
  await makeUser(server);
  const answer = await server.request('GET', '/logs', { query: { per_page: 1 } });
  return String(answer.body[0].log_id);
}

export const logExercises: Exercises = {
  'GET /users/{}/logs': async (server) => {
    const { id } = await makeUser(server);
    return [
      { parameters: [id] },
      { parameters: [id], query: { page: 0, per_page: 5, include_totals: true, sort: 'date:1' } },
    ];
  },
  'GET /logs': async (server) => {
    const from = await newestLogId(server);
    await makeUser(server);
    return [
      {},
      {
        query: {
          page: 0,
          per_page: 5,
          include_totals: true,
          sort: 'date:-1',
          fields: 'log_id,type,date',
          include_fields: true,
        },
      },
      { query: { from, take: 10 } },
    ];
  },
  'GET /logs/{}': async (server) => [{ parameters: [await newestLogId(server)] }],
  'GET /stats/daily': async (server) => {
    await makeUser(server);
    return [{}, { query: { from: '20260101', to: '20260110' } }];
  },
  'GET /stats/active-users': async () => [{}],
};
