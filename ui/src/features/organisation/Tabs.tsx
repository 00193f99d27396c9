/** Pages of other systems beside a conversation: a name and an address each, with what it is for an example customer. */
import { ActionIcon, Anchor, Button, Group, Switch, Text, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { complain, useReason } from '../../kit';
import { Copied } from '../../kit/sheet/Copied';
import { newId } from '../../sync';
import type { Tab, TabSettings } from '../../sync/organisation';
import { AddIcon, ArrowDownIcon, ArrowUpIcon, DeleteIcon, ExternalIcon } from '../../kit/icons';
import { moved, replaced, without } from '../../kit/lists';
import { isSigned, tabAddress } from '../../kit/tabAddress';
import { tabKey } from '../../sync/tabContext';
import { useWords } from './text';
import sheet from '../../kit/sheet/sheet.module.css';
import classes from './organisation.module.css';

export interface TabValues {
  /** Otherwise those of the whole organisation hold. */
  own: boolean;
  tabs: Tab[];
}

const example = { customerId: 'c-1042', conversationId: 'd-77015' };

export const tabsOf = (settings: TabSettings | undefined): TabValues => ({ own: !!settings?.integration, tabs: settings?.integration?.tabs ?? [] });

export function flawOf({ own, tabs }: TabValues, t: ReturnType<typeof useWords>['t']): string | undefined {
  return own && tabs.some((tab) => !tab.title.trim() || !tabAddress(tab.url, example)) ? t('org.tab.wrong') : undefined;
}

interface Props {
  /** The center whose they are; none of a new one. */
  owner?: string;
  value: TabValues;
  /** The settings of the whole organisation. */
  whole: TabSettings | undefined;
  wrong?: string;
  change: (value: TabValues) => void;
}

export function Tabs({ owner, value, whole, wrong, change }: Props) {
  const { t } = useWords();
  const shared = (whole?.in_force.integration?.tabs ?? []).map((tab) => tab.title).join(', ');
  const put = (tabs: Tab[]) => change({ ...value, tabs });
  const add = useRef<HTMLButtonElement>(null);
  // The focus must not go with the tab that had it.
  const remove = (at: number) => {
    add.current?.focus();
    put(without(value.tabs, at));
  };
  return (
    <section className={sheet.part}>
      <h3>{t('org.tabs')}</h3>
      <Text size="xs" c="dimmed" mb={8}>{t('org.tabs.hint')}</Text>
      <Switch label={t('org.tabs.own')} checked={value.own} onChange={(e) => change({ ...value, own: e.currentTarget.checked })} />
      {!value.own && <Text size="sm" mt={8}>{shared ? t('org.tabs.inherited', { names: shared }) : t('org.tabs.inherited.none')}</Text>}
      {value.own && (
        <>
          <ul className={classes.tabs}>
            {value.tabs.map((tab, at) => (
              <One
                key={tab.tab_id} owner={owner} tab={tab} tried={wrong} first={at === 0} last={at === value.tabs.length - 1} change={(one) => put(replaced(value.tabs, at, one))}
                move={(by) => put(moved(value.tabs, at, by))} remove={() => remove(at)}
              />
            ))}
          </ul>
          <Button
            ref={add} size="compact-sm" variant="subtle" leftSection={<AddIcon size={14} aria-hidden />}
            onClick={() => put([...value.tabs, { tab_id: newId().slice(0, 12), title: '', url: 'https://' }])}
          >
            {t('org.tab.add')}
          </Button>
        </>
      )}
    </section>
  );
}

interface OneProps {
  owner?: string;
  tab: Tab;
  tried?: string;
  first: boolean;
  last: boolean;
  change: (tab: Tab) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

function One({ owner, tab, tried, first, last, change, move, remove }: OneProps) {
  const { t } = useWords();
  const address = tabAddress(tab.url, example);
  const name = tab.title || tab.tab_id;
  return (
    <li className={classes.tab}>
      <div className={classes.fields}>
        <TextInput
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={!tab.title} label={t('org.tab.title')} withAsterisk value={tab.title} error={tried && !tab.title.trim()} onChange={(e) => change({ ...tab, title: e.currentTarget.value })}
        />
        <TextInput label={t('org.tab.url')} withAsterisk value={tab.url} error={tried && !address && t('org.tab.wrong')} onChange={(e) => change({ ...tab, url: e.currentTarget.value })} />
      </div>
      <Group gap={2} wrap="nowrap">
        <ActionIcon variant="subtle" color="gray" aria-label={t('org.tab.up', { name })} disabled={first} onClick={() => move(-1)}><ArrowUpIcon size={16} aria-hidden /></ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={t('org.tab.down', { name })} disabled={last} onClick={() => move(1)}><ArrowDownIcon size={16} aria-hidden /></ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={t('org.tab.remove', { name })} onClick={remove}><DeleteIcon size={16} aria-hidden /></ActionIcon>
      </Group>
      {address && address !== 'https://' && (
        <Text size="xs" c="dimmed" className={classes.preview}>
          {t('org.tab.preview')}: {address}{' '}
          <Anchor href={address} target="_blank" rel="noopener noreferrer" inherit underline="always">{t('org.tab.open')} <ExternalIcon size={12} aria-hidden /></Anchor>
        </Text>
      )}
      {isSigned(tab.url) && (owner ? <SigningKey owner={owner} tab={tab} change={change} /> : <Text size="xs" c="dimmed">{t('org.tab.key.later')}</Text>)}
    </li>
  );
}

/** What the page checks its context with; the next key is told before it is used. */
function SigningKey({ owner, tab, change }: Pick<OneProps, 'tab' | 'change'> & { owner: string }) {
  const { t } = useWords();
  const reason = useReason();
  const [told, tell] = useState<{ turn: number; key: string }>();
  const name = tab.title || tab.tab_id;
  const turn = tab.turn ?? 0;
  const show = (of: number) => tabKey(owner, tab.tab_id, of).then((key) => tell({ turn: of, key }), (e: unknown) => complain(reason(e)));
  const next = () => {
    change({ ...tab, turn: turn + 1 });
    void show(turn + 1);
  };
  return (
    <div className={classes.preview}>
      <Group gap="xs" mt={4}>
        <Button size="compact-sm" variant="default" aria-label={`${t('org.tab.key')}: ${name}`} onClick={() => void show(turn)}>{t('org.tab.key')}</Button>
        <Button size="compact-sm" variant="default" aria-label={`${t('org.tab.key.next')}: ${name}`} onClick={next}>{t('org.tab.key.next')}</Button>
      </Group>
      {told && (
        <>
          <Copied title={t('org.tab.key.of', { turn: told.turn, id: tab.tab_id })} value={told.key} />
          <Text size="xs" c="dimmed" mt={4}>{t('org.tab.key.hint')}</Text>
        </>
      )}
    </div>
  );
}
