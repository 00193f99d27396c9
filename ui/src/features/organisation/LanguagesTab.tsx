import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { LanguageIcon } from '../../kit/icons';
import { Records } from '../../kit/sheet/Records';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { UsedPart } from '../../kit/sheet/UsedBy';
import { useEditing } from '../../kit/sheet/useEditing';
import { fresh } from '../../kit/sheet/useTabPlace';
import { putEntry, type Language } from '../../sync/organisation';
import type { PartProps } from './OrganisationPage';
import { usedOf, useRemoval } from './removal';
import { useWords } from './text';
import { Count } from './Uses';

const tag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

export function LanguagesTab({ all, place }: PartProps) {
  const { t } = useWords();
  const language = all.languages.find((l) => l.language === place.open);
  return (
    <>
      <Records
        lead={t('org.languages.lead')} add={{ text: t('org.languages.add'), href: place.hrefOf(fresh) }}
        records={all.languages} idOf={(l) => l.language} nameOf={(l) => l.name || l.language} name={t('org.name')} hrefOf={place.hrefOf}
        columns={[
          { title: t('org.language.code'), show: (l) => l.language },
          { title: t('org.used'), show: (l) => <Count used={usedOf(all, 'language', l.language)} /> },
        ]}
        wordsOf={(l) => `${l.name} ${l.language}`} query={place.query} search={place.search}
        none={{ title: t('org.languages.none'), text: t('org.languages.none.text'), icon: <LanguageIcon size={32} aria-hidden /> }}
      />
      {(language || place.open === fresh) && <LanguageForm key={place.open} all={all} language={language} place={place} />}
    </>
  );
}

function LanguageForm({ all, language: now, place }: PartProps & { language?: Language }) {
  const { t, locale } = useWords();
  const words = useSheetWords();
  const removal = useRemoval();
  const [language] = useState(now);
  const spoken = (code: string) => (tag.test(code) ? new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? '' : '');
  const editing = useEditing({
    begin: () => ({ id: language?.language ?? '', name: language?.name ?? '' }),
    check: (v) => ({ id: tag.test(v.id) ? undefined : t('org.language.wrong') }),
    put: (v) => putEntry<Language>('languages', v.id, { name: v.name.trim() || spoken(v.id) }, language?.revision),
    fieldOf: (named) => ({ language: 'id', name: 'name' } as const)[named],
    said: t('org.language.saved'), done: () => place.show(''),
  });
  const { value, wrong, set } = editing;
  const name = language ? language.name || language.language : t('org.languages.add');
  return (
    <Sheet title={name} about={language?.language} editing={editing} close={() => place.show('')} remove={language && removal(all, 'language', language.language, name)}>
      {!language && (
        <TextInput
          label={t('org.language.code')} description={t('org.language.code.hint')} withAsterisk data-autofocus value={value.id} error={wrong.id}
          onChange={(e) => set({ id: e.currentTarget.value.trim() })}
        />
      )}
      <TextInput label={t('org.name')} placeholder={spoken(value.id) || words.t('sheet.need')} value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {language && <UsedPart users={usedOf(all, 'language', language.language)?.by ?? []} />}
    </Sheet>
  );
}
