/** What surveys have learnt of the customer in this conversation. */
import { useText } from '../../../i18n';
import { useConversation } from '../../../sync';
import classes from './knowledge.module.css';

export function Known({ conversationId }: { conversationId: string }) {
  const { t } = useText();
  const known = useConversation(conversationId)?.known ?? [];
  if (known.length === 0) return null;
  return (
    <section className={classes.known} aria-label={t('side.known')}>
      <h2>{t('side.known')}</h2>
      <dl>
        {known.map((each) => (
          <div key={each.class}>
            <dt>{each.name}</dt>
            <dd>{each.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
