/** What is there, in a few words. */
import { useWords } from './text';
import type { Begun, Person, StepName } from './kept';

export function nameOf(user: Person): string {
  return [user.first_name, user.last_name].filter(Boolean).join(' ') || user.login;
}

export function useSummary(): (step: StepName, begun: Begun) => string {
  const { t } = useWords();
  return (step, { center, line, operators, widget }) => {
    switch (step) {
      case 'center': return center && line ? t('welcome.center.is', { name: center.name || center.center_id, line: line.name || line.line_id }) : '';
      case 'operator': return operators.map(nameOf).join(', ');
      case 'widget': return widget ? widget.name || widget.account_id : '';
    }
  };
}
