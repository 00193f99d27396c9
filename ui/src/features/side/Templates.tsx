/** «Шаблоны ответов»: search, a press inserts, ⋮ for the rest. */
import { ActionIcon, CloseButton, TextInput, Tooltip } from '@mantine/core';
import { lazy, memo, Suspense, useMemo, useState } from 'react';
import { useText } from '../../i18n';
import { Empty, Failure, Lines, useFocusBack, useRoving } from '../../kit';
import { AddIcon, SearchIcon, TemplateIcon } from '../../kit/icons';
import { useSession, useWorkplaceQuery } from '../../sync';
import { findTemplates } from './find';
import classes from './side.module.css';
import { TemplateItem, type Act } from './TemplateItem';
import type { Template } from './templates';

/** Templates are changed seldom. */
const ComboDialog = lazy(() => import('./ComboDialog').then(({ ComboDialog: it }) => ({ default: it })));
const TemplateDialog = lazy(() => import('./TemplateDialog').then(({ TemplateDialog: it }) => ({ default: it })));
const Removing = lazy(() => import('./Removing').then(({ Removing: it }) => ({ default: it })));

interface Props {
  onInsert: (text: string) => void;
  idle: boolean;
}

/** Which dialog is open, and for which template; none for a new one. */
type Doing = { act: Act | 'add'; template?: Template } | null;

/** Another conversation is nothing to it. */
export const Templates = memo(function Templates({ onInsert, idle }: Props) {
  const { t } = useText();
  const { may } = useSession();
  const [query, setQuery] = useState('');
  const [doing, start] = useState<Doing>(null);
  const { data, error, refetch } = useWorkplaceQuery();
  const all = data?.templates;
  const done = () => start(null);
  return (
    <>
      <div className={classes.head}>
        <div className={classes.title}>
          <h2>{t('side.templates')}</h2>
          {may('modify_configuration') && (
            <Tooltip label={t('side.templates.add')}>
              <ActionIcon variant="subtle" aria-label={t('side.templates.add')} onClick={() => start({ act: 'add' })}>
                <AddIcon size={18} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
        {all && all.length > 0 && <Search query={query} onChange={setQuery} />}
      </div>
      {all ? (
        <List all={all} query={query} idle={idle} onInsert={onInsert} onAct={(act, template) => start({ act, template })} />
      ) : (
        <div className={classes.templates}>
          {error ? <Failure problem={error} title={t('side.templates.failed')} retry={() => void refetch()} /> : <Lines rows={6} />}
        </div>
      )}
      {doing && <Opener />}
      <Suspense fallback={null}>
        {doing?.act === 'combo' && doing.template && <ComboDialog template={doing.template} onClose={done} />}
        {(doing?.act === 'add' || doing?.act === 'edit') && <TemplateDialog template={doing.template} onClose={done} />}
        {doing?.act === 'remove' && doing.template && <Removing template={doing.template} onClose={done} />}
      </Suspense>
    </>
  );
});

/** Remembers what opened a dialog before the dialog has come: by then its menu is gone. */
function Opener() {
  useFocusBack();
  return null;
}

function Search({ query, onChange }: { query: string; onChange: (query: string) => void }) {
  const { t } = useText();
  return (
    <TextInput
      type="search"
      aria-label={t('side.templates.search')}
      placeholder={t('side.templates.search')}
      leftSection={<SearchIcon size={16} aria-hidden />}
      rightSection={query && <CloseButton size="sm" aria-label={t('side.templates.clear')} onClick={() => onChange('')} />}
      value={query}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
    />
  );
}

interface ListProps extends Props {
  all: Template[];
  query: string;
  onAct: (act: Act, template: Template) => void;
}

function List({ all, query, idle, onInsert, onAct }: ListProps) {
  const { t } = useText();
  const { may } = useSession();
  const roving = useRoving<HTMLUListElement>();
  const [current, setCurrent] = useState('');
  const found = useMemo(() => findTemplates(all, query), [all, query]);
  if (all.length === 0) {
    const next = t(may('modify_configuration') ? 'side.templates.none.add' : 'side.templates.none.read');
    return <div className={classes.templates}><Empty icon={<TemplateIcon size={32} aria-hidden />} title={t('side.templates.none')} text={next} /></div>;
  }
  if (found.length === 0) {
    return <div className={classes.templates} role="status"><Empty icon={<SearchIcon size={28} aria-hidden />} title={t('side.templates.unfound')} text={t('side.templates.unfound.text')} /></div>;
  }
  // One tab stop for the list, and one for the menu of the template that has it.
  const stop = found.some((each) => each.templateId === current) ? current : found[0]?.templateId;
  return (
    <ul className={classes.templates} aria-label={t('side.templates')} {...roving}>
      {found.map((template) => (
        <li key={template.templateId} className={classes.item} onFocus={() => setCurrent(template.templateId)}>
          <TemplateItem
            template={template}
            idle={idle}
            reachable={template.templateId === stop}
            onInsert={() => onInsert(template.text)}
            onAct={(act) => onAct(act, template)}
          />
        </li>
      ))}
    </ul>
  );
}
