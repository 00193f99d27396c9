/** One section: its settings, each with whose word it is and the way back. */
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { Place, Setting, SettingsForm } from '../../sync/settings';
import { enter, giveBack, ownOf, shown, type Draft } from './draft';
import { Field } from './fields/Field';
import { hintOf, nameOf } from './names';
import { Tried } from './Planned';
import { Secret } from './Secret';
import { useWords, type T } from './text';
import { sayValue } from './value';
import classes from './settings.module.css';

interface Props {
  group: string;
  settings: Setting[];
  form: SettingsForm;
  centers: readonly Place[];
  draft: Draft;
  wrong: Record<string, string>;
  change: (draft: Draft) => void;
}

export function Section({ group, settings, form, centers, draft, wrong, change }: Props) {
  const { t, locale } = useWords();
  const whole = settings.find((s) => s.whole);
  const fields = settings.filter((s) => s.kind !== 'other');
  const name = t(`settings.group.${group as 'work'}`);
  const hint = nameOf(`group.${group}.hint`, t);
  return (
    <section id={group} className={classes.part} aria-label={name}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.heading}>{name}</h2>
          {hint !== `group.${group}.hint` && <p className={classes.dim}>{hint}</p>}
        </div>
        {whole && <Whose setting={whole} name={name} form={form} draft={draft} centers={centers} back={() => change(giveBack(whole, form, draft))} />}
      </div>
      {fields.map((s) => (
        <Field
          key={s.id} setting={s} value={shown(s, draft, locale)} wrong={wrong[s.id]} name={nameOf(s.id, t)} hint={hintOf(s.id, t)} usual={usualOf(s, t, locale)}
          change={(entered) => change(enter(s, draft, entered, locale))}
        >
          <p className={classes.takes}>{t(`settings.takes.${s.takes}`)}</p>
          {!s.whole && <Whose setting={s} name={nameOf(s.id, t)} form={form} draft={draft} centers={centers} back={() => change(giveBack(s, form, draft))} />}
        </Field>
      ))}
      {fields.filter((s) => s.id === 'retention_days').map((s) => <Tried key={s.id} setting={s} form={form} draft={draft} centers={centers} />)}
      {settings.filter((s) => s.page).map((s) => <Elsewhere key={s.id} setting={s} />)}
      {settings.some((s) => s.id === 'alerts.turn') && <Secret form={form} />}
    </section>
  );
}

function usualOf(s: Setting, t: T, locale: string): string {
  return s.kind === 'duration' || s.kind === 'number' || s.kind === 'clock' || s.kind === 'switch' || s.kind === 'choice' ? t('settings.usual', { value: sayValue(s, s.default, t, locale) }) : '';
}

interface WhoseProps {
  setting: Setting;
  name: string;
  form: SettingsForm;
  draft: Draft;
  centers: readonly Place[];
  back: () => void;
}

/** Whose word holds, and the way back to what holds without it. */
function Whose({ setting: s, name, form, draft, centers, back }: WhoseProps) {
  const { t } = useWords();
  const part = form.settings.filter((x) => (x.whole ?? x.id) === (s.whole ?? s.id));
  const own = ownOf(s, form, draft);
  const touched = part.some((x) => draft[x.id]);
  const except = centers.filter((c) => s.except?.includes(c.center_id)).map((c) => c.name);
  const said = touched ? (own ? 'settings.own.changed' : 'settings.own.back') : whose(s, form.center_id);
  return (
    <div className={classes.whose}>
      <span data-own={own || undefined}>{t(said)}</span>
      {except.length > 0 && <span>{t('settings.own.except', { names: except.join(', ') })}</span>}
      {own && <Button variant="subtle" size="compact-xs" aria-label={t('settings.back.of', { name })} onClick={back}>{t('settings.back')}</Button>}
    </div>
  );
}

function whose(s: Setting, center: string) {
  if (s.from === 'default') return 'settings.own.default';
  if (s.own) return center ? 'settings.own.center' : 'settings.own.organisation';
  return 'settings.own.inherited';
}

function Elsewhere({ setting: s }: { setting: Setting }) {
  const { t } = useWords();
  const name = nameOf(s.id, t);
  return (
    <div className={classes.row}>
      <div className={classes.label}>
        <span className={classes.name}>{name}</span>
        <span className={classes.dim}>{hintOf(s.id, t)}</span>
      </div>
      <Button component={Link} href={s.page ?? ''} variant="default" size="xs" aria-label={`${t('settings.go')}: ${name}`}>{t('settings.go')}</Button>
    </div>
  );
}
