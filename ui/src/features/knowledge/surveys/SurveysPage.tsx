/** The results of surveys for those who do not write the knowledge base: there they are one of its tabs. */
import { Title } from '@mantine/core';
import Surveys from './Surveys';
import { useWords } from './text';
import classes from './surveys.module.css';

export default function SurveysPage() {
  const { t } = useWords();
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">{t('sv.heading')}</Title>
      <Surveys />
    </div>
  );
}
