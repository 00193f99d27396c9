/** What refers to something, by kind and by name. */
import { Text } from '@mantine/core';
import { useWords } from './text';
import classes from './sheet.module.css';

export interface Use {
  kind: string;
  id: string;
  name: string;
}

interface Props {
  users: readonly Use[];
  conversations?: number;
}

export function UsedBy({ users, conversations = 0 }: Props) {
  const { t, number } = useWords();
  const kinds = [...new Set(users.map((u) => u.kind))];
  if (kinds.length === 0 && conversations === 0) return <Text size="sm" c="dimmed">{t('sheet.used.none')}</Text>;
  return (
    <dl className={classes.used}>
      {kinds.map((kind) => (
        <div key={kind}>
          <dt>{t(`sheet.kind.${kind}` as 'sheet.kind.user')}</dt>
          <dd>{users.filter((u) => u.kind === kind).map((u) => u.name || u.id).join(', ')}</dd>
        </div>
      ))}
      {conversations > 0 && (
        <div>
          <dt>{t('sheet.kind.conversations')}</dt>
          <dd>{number(conversations)}</dd>
        </div>
      )}
    </dl>
  );
}

/** The same under a heading, in a form. */
export function UsedPart(props: Props) {
  const { t } = useWords();
  return (
    <section className={classes.part}>
      <h3>{t('sheet.used')}</h3>
      <UsedBy {...props} />
    </section>
  );
}
