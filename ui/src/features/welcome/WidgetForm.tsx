/** «Виджет на сайт»: what it is called, its colour and its first words, and how it will look. */
import { Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useWords } from './text';
import { Accent } from './Accent';
import { Acts } from './Acts';
import { checkAccent, checkGreeting, checkName } from './check';
import type { Begun } from './kept';
import { Preview } from './Preview';
import { saveWidget, type WidgetWish } from './save';
import { useSave } from './useSave';
import classes from './welcome.module.css';

interface Props {
  begun: Begun;
  /** Of a new widget: what its site signs visitors with. */
  onSecret: (secret: string) => void;
  onSaved: () => Promise<void>;
  onSkip: () => void;
}

export function WidgetForm({ begun, onSecret, onSaved, onSkip }: Props) {
  const { t, locale } = useWords();
  const form = useWidgetForm(begun);
  const { busy, problem, run, refuse } = useSave(form);
  const save = async (wish: WidgetWish) => {
    const secret = await saveWidget(wish, locale);
    if (secret) onSecret(secret);
    await onSaved();
  };
  return (
    <form noValidate onSubmit={form.onSubmit((wish) => void run(() => save(wish)), refuse)}>
      <div className={classes.widget}>
        <Stack gap="sm">
          <TextInput label={t('welcome.widget.name')} description={t('welcome.widget.name.text')} inputWrapperOrder={['label', 'input', 'description', 'error']} withAsterisk {...form.getInputProps('name')} />
          <Accent {...form.getInputProps('accent')} />
          <Textarea label={t('welcome.greeting')} withAsterisk autosize minRows={2} maxRows={5} {...form.getInputProps('greeting')} />
        </Stack>
        <Preview accent={form.values.accent} greeting={form.values.greeting} />
      </div>
      <Stack gap="sm" mt="sm">
        <Acts label={begun.widget ? 'welcome.save' : 'welcome.widget.do'} busy={busy} problem={problem} onSkip={onSkip} />
      </Stack>
    </form>
  );
}

function useWidgetForm({ widget }: Begun) {
  const { t, locale } = useWords();
  const worded = (key: ReturnType<typeof checkName>) => key && t(key);
  return useForm<WidgetWish & Record<string, unknown>>({
    initialValues: {
      name: widget?.name ?? t('welcome.widget.site'),
      accent: widget?.settings?.accent || '#0b6e75',
      greeting: widget?.settings?.texts?.[locale]?.greeting || t('welcome.greeting.usual'),
    },
    validate: {
      name: (v) => worded(checkName(v)),
      accent: (v) => worded(checkAccent(v)),
      greeting: (v) => worded(checkGreeting(v)),
    },
  });
}
