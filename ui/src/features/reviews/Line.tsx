/** One message. The customer's has a pencil: which article answers it. */
import { ActionIcon, Badge, Group, Text } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { Hint } from '../../kit';
import { CloseIcon, MarkUpIcon } from '../../kit/icons';
import type { ReviewMessage, ReviewTalk } from '../../sync/reviews';
import { ArticlePick, type Picked } from './ArticlePick';
import { useWords } from './text';
import { useNames } from '../../sync/names';
import classes from './reviews.module.css';

/** Whether something can be learnt from a message: the customer's own words. */
export const teaches = (m: ReviewMessage) => m.from === 'customer' && m.text.trim() !== '' && !m.removed;

interface Props {
  message: ReviewMessage;
  talk: ReviewTalk;
  titleOf: (id: string) => string;
  editing: boolean;
  onEdit: () => void;
  onClose: () => void;
  /** Nothing chosen takes the label off. */
  onLabel: (chosen?: Picked) => void;
}

export function Line(props: Props) {
  const { message: m, talk, titleOf } = props;
  const { t, dateTime } = useWords();
  const names = useNames();
  const author = m.from === 'customer' ? talk.customerName || t('rv.customer') : m.operatorId ? names.operator(m.operatorId) : t(`rv.${m.from === 'operator' ? 'agent' : m.from}`);
  return (
    <article className={classes.line} data-from={m.from === 'customer' ? 'customer' : 'us'}>
      <Text size="xs" c="dimmed">
        {author}, <time dateTime={m.at}>{dateTime(Date.parse(m.at))}</time>
        {m.automatic && `, ${t('rv.automatic')}`}
        {m.removed && `, ${t('rv.removed')}`}
      </Text>
      <div className={classes.said}>
        <div className={classes.bubble}>
          {m.pressed && m.pressed !== m.text && <p className={classes.dim}>{t('rv.pressed', { caption: m.pressed })}</p>}
          {m.text && <p>{m.text}</p>}
          {m.files.length > 0 && <p className={classes.dim}>{t('rv.files', { names: m.files.join(', ') })}</p>}
        </div>
        {teaches(m) && !props.editing && <Pencil {...props} />}
      </div>
      {m.articleId && m.from !== 'customer' && <Text size="xs" c="dimmed">{t('rv.byUs', { name: titleOf(m.articleId) })}</Text>}
      {m.articleId && m.from === 'customer' && !m.label && <Text size="xs" c="dimmed">{t('rv.byOperator', { name: titleOf(m.articleId) })}</Text>}
      {props.editing ? <ArticlePick text={m.text} onPick={props.onLabel} onCancel={props.onClose} /> : m.label && <Mark {...props} />}
    </article>
  );
}

const beginning = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function Pencil({ message: m, titleOf, onEdit, onLabel }: Props) {
  const { t } = useWords();
  const text = beginning(m.text);
  const name = m.label && (titleOf(m.label.articleId) || t('rv.noArticle'));
  const label = name ? t('rv.marked', { name, text }) : t('rv.mark', { text });
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Delete' || !m.label) return;
    e.preventDefault();
    onLabel();
  };
  return (
    <Hint label={label}>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={label} data-roving data-line={m.id} onClick={onEdit} onKeyDown={onKeyDown}>
        <MarkUpIcon size={16} aria-hidden />
      </ActionIcon>
    </Hint>
  );
}

function Mark({ message: m, titleOf, onLabel }: Props) {
  const { t } = useWords();
  const none = m.label?.articleId === '';
  return (
    <Group gap={4} wrap="nowrap">
      <Badge variant="light" color={none ? 'gray' : 'brand'} tt="none" size="lg" radius="sm">{none ? t('rv.noArticle') : titleOf(m.label?.articleId ?? '')}</Badge>
      <Hint label={t('rv.unmark', { text: beginning(m.text) })}>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('rv.unmark', { text: beginning(m.text) })} onClick={() => onLabel()}>
          <CloseIcon size={14} aria-hidden />
        </ActionIcon>
      </Hint>
    </Group>
  );
}
