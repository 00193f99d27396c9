/** Templates over the field, opened by «/». The focus stays in the field. */
import { useEffect, useId, useRef, useState, type RefObject } from 'react';
import { useText } from '../../../i18n';
import { useWorkplace } from '../../../sync';
import { useActive, useKeys } from './fieldKeys';
import { filterTemplates, type Template } from './suggest';
import classes from './composer.module.css';

interface Props {
  query: string;
  field: RefObject<HTMLTextAreaElement | null>;
  onPick: (text: string) => void;
  onClose: () => void;
}

export function TemplatePicker({ query, field, onPick, onClose }: Props) {
  const { t } = useText();
  const id = useId();
  const { templates } = useWorkplace();
  const found = filterTemplates(templates, query);
  const [at, setAt] = useState(0);
  const active = Math.min(at, found.length - 1);
  useEffect(() => setAt(0), [query]);
  useKeys(field, {
    ArrowDown: () => setAt(Math.min(active + 1, found.length - 1)),
    ArrowUp: () => setAt(Math.max(active - 1, 0)),
    Enter: () => found[active] && onPick(found[active].text),
    Escape: onClose,
  });
  useActive(field, id, found.length > 0 ? `${id}-${active}` : '');

  return (
    <div className={classes.picker}>
      <div role="listbox" id={id} aria-label={t('work.templates')}>
        {found.map((template, i) => (
          <Option key={template.templateId} id={`${id}-${i}`} template={template} active={i === active} onPick={onPick} />
        ))}
      </div>
      {found.length === 0 && (
        <p className={classes.none} role="status">
          {t('work.templates.none')}
        </p>
      )}
    </div>
  );
}

function Option({ id, template, active, onPick }: { id: string; template: Template; active: boolean; onPick: (text: string) => void }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) ref.current?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);
  return (
    // The keyboard picks by the field, which tells this one as its active descendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={ref} id={id} role="option" aria-selected={active} tabIndex={-1} className={classes.option}
      onMouseDown={(e) => e.preventDefault()} onClick={() => onPick(template.text)}
    >
      <span className={classes.optionTitle}>{template.title}</span>
      <span className={classes.optionText}>{template.text}</span>
    </div>
  );
}
