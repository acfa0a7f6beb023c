import type { Database } from '../platform/database/database.ts';
import type { TokenCustomizerOptions } from './customize-token.ts';
import { describeClient, typesOf } from './exchange-events.ts';
import { createMachineEventWriter } from './machine-events-store.ts';
import { factsOf } from './request-facts.ts';

/**
 * Makes what begins to write the event of a machine's token while it is signed: a signature takes a processor about as
 * long as the commit takes the disk. The answer waits for both. Only for parties that were recalled; others' events are
 * written as the answer is finished. Should the signature fail, the event stands for an answer that was a 500.
 */
export function createMachineEvents(database: Database): TokenCustomizerOptions['onMachineToken'] {
  const write = createMachineEventWriter(database);
  return (context, scope) => {
    const facts = factsOf(context);
    if (!facts?.recalled) return;
    const event = {
      type: typesOf(facts)[0],
      description: '',
      ...describeClient(context, facts),
      ...(scope === undefined ? {} : { scope }),
    };
    facts.eventUnderWay = write({ parties: facts.recalled, event });
    // Awaited as the answer is finished, unless that fails before: then its own error is what there is to tell.
    facts.eventUnderWay.catch(() => undefined);
  };
}
