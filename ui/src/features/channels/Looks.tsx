/** How a widget looks and what it asks before the chat, with the widget itself beside it. */
import { Button, FileButton, Group, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Entered } from '../../sync';
import { asked, askedOf, laid, largestLogo, said, textOf, withAsked, withText, type Asked } from './looks';
import { Preview } from './Preview';
import type { Values } from './entered';
import { useWords } from './text';
import classes from './channels.module.css';

interface Props {
  settings: Entered;
  wrong: Values;
  change: (settings: Entered) => void;
}

const choices = { style: ['classic', 'light', 'square'], theme: ['auto', 'light', 'dark'], position: ['right', 'left'] } as const;
const colour = /^#[0-9a-fA-F]{6}$/;

export function Looks({ settings, wrong, change }: Props) {
  const { t } = useWords();
  const accent = String(settings.accent ?? '');
  const put = (name: string, value: unknown) => change(laid(settings, name, value));
  const how = [{ value: '', label: t('channels.ask.no') }, { value: 'asked', label: t('channels.ask.asked') }, { value: 'required', label: t('channels.ask.required') }];
  return (
    <section className={classes.looks} aria-label={t('channels.looks')}>
      <h3 className={classes.heading}>{t('channels.looks')}</h3>
      {said.map((name) => {
        const field = { label: t(`channels.said.${name}`), value: textOf(settings, name), onChange: (e: { currentTarget: { value: string } }) => change(withText(settings, name, e.currentTarget.value)) };
        return name === 'greeting' ? <Textarea key={name} {...field} autosize minRows={2} /> : <TextInput key={name} {...field} maxLength={500} />;
      })}
      <Group grow align="flex-end">
        <TextInput label={t('channels.accent')} placeholder="#0b6e75" value={accent} error={wrong.accent} onChange={(e) => put('accent', e.currentTarget.value.trim())} />
        <input type="color" className={classes.colour} aria-label={t('channels.accent.pick')} value={colour.test(accent) ? accent : '#0b6e75'} onChange={(e) => put('accent', e.currentTarget.value)} />
      </Group>
      <Group grow>
        {(Object.keys(choices) as (keyof typeof choices)[]).map((name) => (
          <Select
            key={name} label={t(`channels.${name}`)} allowDeselect={false} data={choices[name].map((value) => ({ value, label: t(`channels.${name}.${value}` as 'channels.theme.auto') }))}
            value={String(settings[name] || choices[name][0])} onChange={(value) => put(name, value === choices[name][0] ? '' : value)}
          />
        ))}
      </Group>
      <Logo logo={String(settings.logo ?? '')} wrong={wrong.logo} change={(logo) => put('logo', logo)} />
      <h3 className={classes.heading}>{t('channels.prechat')}</h3>
      <div className={classes.asks}>
        {asked.map((name) => (
          <Select key={name} label={t(`channels.ask.${name}`)} size="xs" data={how} allowDeselect={false} value={askedOf(settings, name)} onChange={(value) => change(withAsked(settings, name, (value ?? '') as Asked))} />
        ))}
      </div>
      <Preview settings={settings} />
    </section>
  );
}

function Logo({ logo, wrong, change }: { logo: string; wrong?: string; change: (logo: string) => void }) {
  const { t } = useWords();
  const [told, tell] = useState('');
  const take = (file: File | null) => {
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => {
      const address = String(reader.result);
      const fits = address.length <= largestLogo;
      tell(fits ? '' : t('channels.logo.large'));
      if (fits) change(address);
    };
    reader.readAsDataURL(file);
  };
  return (
    <div>
      <Group gap="xs">
        {logo && <img src={logo} alt="" className={classes.logo} />}
        <FileButton accept="image/png,image/jpeg,image/webp,image/svg+xml" onChange={take}>{(props) => <Button {...props} variant="default" size="xs">{t('channels.logo')}</Button>}</FileButton>
        {logo && <Button variant="subtle" size="xs" onClick={() => change('')}>{t('channels.logo.take')}</Button>}
      </Group>
      {(told || wrong) && <p role="alert" className={classes.wrong}>{told || wrong}</p>}
    </div>
  );
}
