/** Phrases that go on from what is being typed. */
import { memo } from 'react';
import { useText } from '../../../i18n';
import { useWorkplace } from '../../../sync';
import { suggest } from './suggest';
import classes from './composer.module.css';

interface Props {
  before: string;
  onPick: (text: string, covers: number) => void;
}

export const Suggestions = memo(function Suggestions({ before, onPick }: Props) {
  const { t } = useText();
  const { templates } = useWorkplace();
  const found = suggest(templates, before);
  if (found.length === 0) return null;
  return (
    <ul className={classes.suggestions} aria-label={t('work.suggestions')}>
      {found.map(({ template, covers }) => (
        <li key={template.templateId}>
          <button type="button" title={template.text} onMouseDown={(e) => e.preventDefault()} onClick={() => onPick(template.text, covers)}>
            {template.text}
          </button>
        </li>
      ))}
    </ul>
  );
});
