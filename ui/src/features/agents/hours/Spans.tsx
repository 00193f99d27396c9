/** The hours of one day: none, one interval or several. */
import { ActionIcon, TextInput } from '@mantine/core';
import { Hint } from '../../../kit';
import { CloseIcon } from '../../../kit/icons';
import { replaced, without } from '../../../kit/lists';
import { useWords } from '../text';
import { allDay, overnight, tidy, type Span } from './clock';
import classes from '../agents.module.css';

interface Props {
  /** Whose hours they are. */
  name: string;
  /** What no hours mean. */
  none: string;
  value: readonly Span[];
  wrong?: string;
  change: (spans: Span[]) => void;
}

export function Spans({ name, none, value, wrong, change }: Props) {
  const { t } = useWords();
  return (
    <div className={classes.spans}>
      {value.length === 0 && <span className={classes.closed}>{none}</span>}
      {value.map((span, at) => (
        <OneSpan
          key={at} span={span} name={value.length > 1 ? `${name}, ${at + 1}` : name} wrong={wrong} change={(to) => change(replaced(value, at, to))}
          take={() => change(without(value, at))}
        />
      ))}
      {wrong && <p className={classes.wrong} role="alert">{wrong}</p>}
      {!wrong && value.length > 0 && (value.some(overnight) || value.some(allDay)) && (
        <p className={`${classes.dim} ${classes.note}`}>{t(value.some(allDay) ? 'agents.span.allDay' : 'agents.span.overnight')}</p>
      )}
    </div>
  );
}

function OneSpan({ span, name, wrong, change, take }: { span: Span; name: string; wrong?: string; change: (span: Span) => void; take: () => void }) {
  const { t } = useWords();
  const field = (part: 'from' | 'to', label: string) => (
    <TextInput
      className={classes.clock} size="xs" aria-label={label} inputMode="numeric" value={span[part]} error={!!wrong} onFocus={(e) => e.currentTarget.select()}
      onChange={(e) => change({ ...span, [part]: e.currentTarget.value })} onBlur={() => change({ ...span, [part]: tidy(span[part]) })}
    />
  );
  return (
    <span className={classes.span}>
      {field('from', t('agents.span.from', { name }))}
      <span aria-hidden>–</span>
      {field('to', t('agents.span.to', { name }))}
      <Hint label={t('agents.span.take', { name })}>
        <ActionIcon variant="subtle" color="gray" size={26} aria-label={t('agents.span.take', { name })} onClick={take}><CloseIcon size={14} aria-hidden /></ActionIcon>
      </Hint>
    </span>
  );
}
