/** How far a survey is, and the way to end it. The conversation itself asks the customer. */
import { Button } from '@mantine/core';
import { useText } from '../../../i18n';
import { complain, useReason } from '../../../kit';
import { HelpIcon } from '../../../kit/icons';
import { desk, type Survey } from '../../../sync';
import classes from './composer.module.css';

export default function SurveyBar({ conversationId, survey }: { conversationId: string; survey: Survey }) {
  const { t } = useText();
  const reason = useReason();
  const at = survey.slots.findIndex((each) => each.id === survey.asked);
  const cancel = () => {
    desk.cancelSurvey(conversationId, survey.id).catch((problem: unknown) => complain(reason(problem)));
  };
  const question = survey.slots[at]?.name ?? '';
  return (
    <div className={classes.hold} role="group" aria-label={t('work.survey')}>
      <HelpIcon size={18} aria-hidden />
      <span className={classes.holdText} title={survey.title}>
        {t('work.survey.at', { title: survey.title, at: Math.max(at, 0) + 1, of: survey.slots.length, question })}
      </span>
      <Button size="compact-sm" variant="subtle" onClick={cancel}>
        {t('work.survey.cancel')}
      </Button>
    </div>
  );
}
