/** What is being written in a letter to a customer, and how it goes out. */
import { useRef, useState } from 'react';
import { create } from 'zustand';
import { makePart } from '../../i18n/part';
import { lettersInRussian } from '../../i18n/letterSentences';
import { letter } from '../../i18n/ru/letter';
import { say } from '../../kit';
import { useRefused, useTold } from '../../kit/told';
import { problemOf, useSession, useWorkplace, type Conversation, type Customer } from '../../sync';
import { newId } from '../../sync/id';
import { sendLetter } from '../../sync/letters';
import { isEmail } from './check';
import { useAccountName } from './names';

export const useWords = makePart({ ru: letter, english: async () => (await import('../../i18n/en/letter')).letter });

export type Place = Pick<Conversation, 'id' | 'customerId' | 'centerId'>;
export type Field = 'address' | 'account_id' | 'text';

/** The texts by conversation: one stays while the operator looks at something else. */
export const useTexts = create<{ of: Record<string, string> }>(() => ({ of: {} }));

const keep = (id: string, text: string) => useTexts.setState(({ of }) => ({ of: { ...of, [id]: text } }));

export function useLetter(place: Place, customer: Customer) {
  const { t } = useWords();
  const said = useTold(lettersInRussian);
  const reason = useRefused(said, [403, 409, 422]);
  const text = useTexts(({ of }) => of[place.id] ?? '');
  const where = useWhere(place, customer);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ field: string; why: string } | null>(null);
  const name = useRef({ of: '', id: '' });

  const missing: Partial<Record<Field, string>> = {
    address: where.address ? undefined : t('letter.need.address'),
    account_id: where.channel || where.channels.length === 0 ? undefined : t('letter.need.channel'),
    text: text.trim() ? undefined : t('letter.need.text'),
  };
  const shown = (field: string) => field === 'address' || field === 'text' || (field === 'account_id' && where.channels.length > 0);
  const send = async () => {
    setTried(true);
    if (busy || !where.address || missing.account_id || missing.text) return;
    setBusy(true);
    setRefused(null);
    const wish = { address: where.address, accountId: where.channel ?? undefined, text: text.trim() };
    // What did not come to an answer is sent again as the same letter, and what was changed as another one.
    if (name.current.of !== JSON.stringify(wish)) name.current = { of: JSON.stringify(wish), id: newId() };
    try {
      await sendLetter(place.id, { ...wish, messageId: name.current.id });
      name.current = { of: '', id: '' };
      keep(place.id, '');
      setTried(false);
      say(t('letter.sent'));
    } catch (thrown) {
      setRefused({ field: problemOf(thrown).field, why: reason(thrown) });
    }
    setBusy(false);
  };
  return {
    ...where, text, busy, send,
    write: (next: string) => {
      keep(place.id, next);
      setRefused(null);
    },
    wrong: (field: Field) => (refused?.field === field ? refused.why : tried ? missing[field] : undefined),
    /** Of no field that is there to be mended. */
    trouble: refused && !shown(refused.field) ? refused.why : null,
  };
}

/** The addresses that are known, and the channel where the address does not tell it. */
function useWhere({ centerId }: Place, customer: Customer) {
  const { t } = useWords();
  const { may } = useSession();
  const name = useAccountName();
  const boxes = useWorkplace().accounts.filter((a) => a.kind === 'email' && a.centerId === centerId);
  const bound = customer.addresses.filter((a) => a.kind === 'email' && !a.unreachable);
  const addresses = new Map(bound.map(({ address }) => [address.toLowerCase(), { value: address, label: address }]));
  const written = (customer.fields.email ?? '').trim();
  const known = customer.addresses.some((a) => a.kind === 'email' && a.address.toLowerCase() === written.toLowerCase());
  if (isEmail(written) && !known) addresses.set(written.toLowerCase(), { value: written, label: t('letter.form', { address: written }) });
  const [picked, choose] = useState<string | null>(null);
  const [by, chooseBox] = useState<string | null>(null);
  const all = [...addresses.values()];
  const address = all.find((a) => a.value === picked)?.value ?? (all.length === 1 ? all[0]?.value : undefined) ?? null;
  const placed = bound.some((a) => a.address === address && boxes.some((box) => box.accountId === a.accountId));
  const channels = boxes.length > 1 && !placed ? boxes.map((a) => ({ value: a.accountId, label: name(a.accountId, a.kind) })) : [];
  const hint = address && address === written && !known ? t(may('modify_clients') ? 'letter.form.bound' : 'letter.form.apart') : undefined;
  return { addresses: all, address, choose, hint, channels, channel: channels.some((c) => c.value === by) ? by : null, chooseBox };
}
