/** «Что ещё настроить»: where a center that begins to work goes on. */
import { Paper, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useWords } from './text';
import classes from './welcome.module.css';

const ways = {
  lines: '/organisation/lines', skills: '/organisation/skills', positions: '/users/positions', users: '/users',
  hours: '/agents/hours', channels: '/channels', topics: '/topics', settings: '/settings',
} as const;

export function More() {
  const { t } = useWords();
  return (
    <Paper component="section" withBorder p="lg" aria-labelledby="welcome-more">
      <Title id="welcome-more" order={2} size="h4">{t('welcome.more')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('welcome.more.text')}</Text>
      <ul className={classes.more}>
        {(Object.keys(ways) as (keyof typeof ways)[]).map((way) => (
          <li key={way}>
            <Link href={ways[way]} className={classes.way}>{t(`welcome.more.${way}`)}</Link>
            <span className={classes.told}>{t(`welcome.more.${way}.text`)}</span>
          </li>
        ))}
      </ul>
    </Paper>
  );
}
