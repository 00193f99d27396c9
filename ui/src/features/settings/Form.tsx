/** The form of a place: sections of settings, what is searched for, and what is not saved yet. */
import { Button, CloseButton, TextInput } from '@mantine/core';
import { useDeferredValue, useRef, useState } from 'react';
import { ConfirmDialog, complain, Empty, leaveAnyway, say, stay, useLeaving, useReason, useUnsaved } from '../../kit';
import { SearchIcon } from '../../kit/icons';
import { problemOf } from '../../sync';
import { changeSettings, type Place, type Setting, type SettingsForm } from '../../sync/settings';
import { Bar } from './Bar';
import { concerned, found, wishOf, type Draft } from './draft';
import type { Flaw } from './entered';
import { hintOf, nameOf, useSaid } from './names';
import { Section } from './Section';
import { useWords, type T } from './text';
import classes from './settings.module.css';

interface Props {
  form: SettingsForm;
  centers: readonly Place[];
  query: string;
  find: (query: string) => void;
}

/** What other pages decide has no field of the registry, but is looked for here. */
const besides: Setting[] = [['hours', '/agents/hours'], ['prechat', '/channels']].map(([id = '', page]) => ({
  id, page, group: 'elsewhere', kind: 'other', min: 0, max: 0, takes: 'now', value: null, own: false, from: 'default', above: null, default: null,
}));

export function Form({ form, centers, query, find }: Props) {
  const { t } = useWords();
  const editing = useEditing(form);
  const asked = useDeferredValue(query);
  const all = [...form.settings, ...besides].filter((s) => s.kind !== 'other' || s.page || s.id === 'alerts.turn');
  const shown = found(all.filter((s) => !s.everywhere || !form.center_id), asked, (s) => `${nameOf(s.id, t)} ${hintOf(s.id, t)} ${t(`settings.group.${s.group as 'work'}`)}`);
  const groups = [...new Set(shown.map((s) => s.group))];
  return (
    <div className={classes.body}>
      <nav className={classes.index} aria-label={t('settings.groups')}>
        {groups.map((group) => <a key={group} href={`#${group}`}>{t(`settings.group.${group as 'work'}`)}</a>)}
      </nav>
      <form
        ref={editing.ref} className={classes.form} noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void editing.save();
        }}
      >
        <TextInput
          type="search" aria-label={t('settings.search')} placeholder={t('settings.search')} leftSection={<SearchIcon size={16} aria-hidden />} value={query} className={classes.search}
          rightSection={query && <CloseButton size="sm" aria-label={t('settings.none.clear')} onClick={() => find('')} />} onChange={(e) => find(e.currentTarget.value)}
          onKeyDown={(e) => e.key === 'Enter' && e.preventDefault()}
        />
        {groups.length === 0 && <Empty title={t('settings.none')} text={t('settings.none.text')}><Button variant="default" onClick={() => find('')}>{t('settings.none.clear')}</Button></Empty>}
        {groups.map((group) => (
          <Section key={group} group={group} settings={shown.filter((s) => s.group === group)} form={form} centers={centers} draft={editing.draft} wrong={editing.wrong} change={editing.change} />
        ))}
        <Bar form={form} draft={editing.draft} busy={editing.busy} drop={editing.drop} />
      </form>
      <Leaving />
    </div>
  );
}

/** What is entered and not saved, what is wrong with it, and how it is kept. */
function useEditing(form: SettingsForm) {
  const { t } = useWords();
  const reason = useReason();
  const said = useSaid();
  const [draft, setDraft] = useState<Draft>({});
  const [seen, setSeen] = useState<number>();
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const ref = useRef<HTMLFormElement>(null);
  const dirty = Object.keys(draft).length > 0;
  useUnsaved(dirty && !busy);

  const change = (next: Draft) => {
    if (!dirty) setSeen(form.revision); // what it is made from
    setWrong((all) => Object.fromEntries(Object.entries(all).filter(([id]) => next[id] === draft[id])));
    setDraft(next);
  };
  const tell = (flaws: Record<string, string>) => {
    setWrong(flaws);
    requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const refused = (thrown: unknown) => {
    const problem = problemOf(thrown);
    if (problem.status === 409 && problem.detail.includes('was changed by')) {
      setSeen(undefined);
      complain(t('settings.conflict', { name: /was changed by (\S+)/.exec(problem.detail)?.[1] ?? '' }));
    } else if (problem.field && form.settings.some((s) => s.id === problem.field)) {
      tell({ [problem.field]: said(problem.detail) || t('settings.wrong.refused') });
    } else complain(said(problem.detail) || reason(thrown));
  };
  const save = async () => {
    const wish = wishOf(form, draft);
    const flaws = Object.entries(wish.wrong);
    if (flaws.length > 0) return tell(Object.fromEntries(flaws.map(([id, flaw]) => [id, flawText(flaw, t)])));
    if (!dirty || busy) return;
    setBusy(true);
    try {
      const { now } = concerned(form, draft);
      await changeSettings(form.center_id, seen ?? form.revision, wish.set, wish.unset);
      setDraft({});
      say([t('settings.saved'), now > 0 ? `${t('settings.bar.now', { count: now })}.` : ''].join(' ').trim());
    } catch (thrown) {
      refused(thrown);
    } finally {
      setBusy(false);
    }
  };
  const drop = () => {
    setDraft({});
    setWrong({});
  };
  return { draft, wrong, busy, ref, change, save, drop };
}

const flawText = ({ wrong, min = 0, max = 0 }: Flaw, t: T) => t(`settings.wrong.${wrong}`, { min, max });

function Leaving() {
  const { t } = useWords();
  const asked = useLeaving((s) => s.wish !== null);
  return <ConfirmDialog opened={asked} danger title={t('settings.leave.title')} text={t('settings.leave.text')} confirm={t('settings.leave')} onConfirm={leaveAnyway} onCancel={stay} />;
}

