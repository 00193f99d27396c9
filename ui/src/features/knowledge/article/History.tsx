/** The versions of an article: who made them when, what each changed, and the way back. */
import { Button, Drawer, Loader, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { complain, Failure, Lines, say, useFocusBack } from '../../../kit';
import { ClockIcon } from '../../../kit/icons';
import { problemOf } from '../../../sync';
import { restoreArticle, useVersion, useVersions, type Article, type VersionMark } from '../../../sync/knowledge';
import { articleFacts, changesOf, type Fact } from '../facts';
import type { Place } from '../place';
import { Difference } from '../record/Difference';
import type { Editing } from '../record/useRecord';
import { useOurReason } from '../sentences';
import { useWords } from '../text';
import { useNames, usePerson } from '../useNames';
import { useArticleNames } from './useArticleNames';
import classes from '../knowledge.module.css';

interface Props {
  editing: Editing<Article>;
  place: Place;
}

export function History({ editing, place }: Props) {
  const { t } = useWords();
  const [opened, open] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<ClockIcon size={16} aria-hidden />} onClick={() => open(true)}>{t('kb.history')}</Button>
      <Drawer opened={opened} onClose={() => open(false)} position="right" size="lg" title={t('kb.history.of', { name: editing.name })} closeButtonProps={{ 'aria-label': t('kit.close') }}>
        {opened && <Versions id={place.open} editing={editing} onDone={() => open(false)} />}
      </Drawer>
    </>
  );
}

function Versions({ id, editing, onDone }: { id: string; editing: Editing<Article>; onDone: () => void }) {
  useFocusBack();
  const { data, error, refetch } = useVersions(id);
  const [chosen, choose] = useState(0);
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={32} />;
  return (
    <ol className={classes.versions} reversed>
      {data.map((version, i) => (
        <Version
          key={version.revision} id={id} version={version} before={earlier(data, i)} first={i === data.length - 1} now={i === 0} editing={editing}
          opened={(chosen || data[0]?.revision) === version.revision} onOpen={() => choose(version.revision)} onDone={onDone}
        />
      ))}
    </ol>
  );
}

/** The version before that still said something. */
const earlier = (all: readonly VersionMark[], at: number) => all.slice(at + 1).find((v) => !v.removed)?.revision ?? 0;

interface VersionProps {
  id: string;
  version: VersionMark;
  before: number;
  first: boolean;
  now: boolean;
  editing: Editing<Article>;
  opened: boolean;
  onOpen: () => void;
  onDone: () => void;
}

function Version({ id, version, before, first, now, editing, opened, onOpen, onDone }: VersionProps) {
  const { t, dateTime } = useWords();
  const person = usePerson();
  return (
    <li className={classes.version} data-now={now || undefined}>
      <UnstyledButton className={classes.versionHead} aria-expanded={opened} onClick={onOpen}>
        <span className={classes.innerTitle}>{t('kb.version.number', { revision: version.revision })}{now && ` · ${t('kb.version.now')}`}</span>
        <span className={classes.dim}>{dateTime(Date.parse(version.at))}, {person(version.by)}: {originText(version, first, t)}</span>
      </UnstyledButton>
      {opened && !version.removed && (
        <div className={classes.versionBody}>
          <Changes id={id} revision={version.revision} before={before} />
          {!now && <Back id={id} revision={version.revision} editing={editing} onDone={onDone} />}
        </div>
      )}
    </li>
  );
}

function originText({ origin, removed }: VersionMark, first: boolean, t: ReturnType<typeof useWords>['t']): string {
  if (removed) return t('kb.version.removed');
  if (origin === 'import') return t('kb.version.import');
  const revision = /^restore:(\d+)$/.exec(origin)?.[1];
  if (revision) return t('kb.version.restore', { revision });
  return t(first ? 'kb.version.first' : 'kb.version.edit');
}

const nothing: Fact[] = [];

function Changes({ id, revision, before }: { id: string; revision: number; before: number }) {
  const { t } = useWords();
  const [is, was] = [useVersion(id, revision), useVersion(id, before)];
  const names = useNames(useArticleNames(is.data, was.data));
  if (is.error ?? was.error) return <Failure problem={is.error ?? was.error} retry={() => void Promise.all([is.refetch(), was.refetch()])} />;
  if (!is.data || (before > 0 && !was.data)) return <Loader size="sm" />;
  const changes = changesOf(was.data ? articleFacts(was.data, names, t) : nothing, articleFacts(is.data, names, t));
  return <Difference changes={changes} none={t('kb.version.same')} lone={before === 0} />;
}

function Back({ id, revision, editing, onDone }: { id: string; revision: number; editing: Editing<Article>; onDone: () => void }) {
  const { t } = useWords();
  const reason = useOurReason();
  const [busy, setBusy] = useState(false);
  const back = async () => {
    setBusy(true);
    try {
      await restoreArticle(id, revision, editing.base?.revision);
      say(t('kb.version.isBack', { revision }));
      onDone();
    } catch (thrown) {
      complain(reason(problemOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <Button size="compact-sm" variant="light" loading={busy} disabled={editing.dirty} title={editing.dirty ? t('kb.version.unsaved') : undefined} onClick={() => void back()}>
      {t('kb.version.back')}
    </Button>
  );
}
