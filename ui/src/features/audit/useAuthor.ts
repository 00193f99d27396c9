import { useNames } from '../../sync/names';
import { useWords } from './text';

/** What people call who did something. */
export function useAuthor(): (by: string) => string {
  const { t } = useWords();
  const { operator } = useNames();
  return (by) => {
    if (by === '' || by === '-') return t('au.who.nobody');
    if (by === 'setup') return t('au.who.server');
    return by.startsWith('key:') ? t('au.who.program', { id: by.slice(4) }) : operator(by);
  };
}
