import { translate } from '../../../texts/texts.ts';

export const blocksTexts = translate({
  en: {
    title: 'Blocked after wrong passwords',
    block: '{identifier} from {where}',
    everywhere: 'every address',
    more: 'and {count} more',
    unblockAll: 'Unblock all',
  },
  de: {
    title: 'Nach falschen Passwörtern gesperrt',
    block: '{identifier} von {where}',
    everywhere: 'jeder Adresse',
    more: 'und {count} weitere',
    unblockAll: 'Alle entsperren',
  },
});
