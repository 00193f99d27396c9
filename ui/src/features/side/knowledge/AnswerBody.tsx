/** What an answer says: its text, files, links and buttons, as the customer will see them. */
import { Text } from '@mantine/core';
import { useText } from '../../../i18n';
import { PaperclipIcon } from '../../../kit/icons';
import { knowledgeFileURL, type FoundAnswer } from '../../../sync';
import classes from './knowledge.module.css';

export function AnswerBody({ answer, short }: { answer: FoundAnswer; short?: boolean }) {
  const { t } = useText();
  return (
    <div className={classes.body}>
      {answer.text && <Text size="sm" className={short ? classes.short : classes.text}>{answer.text}</Text>}
      {answer.attachments.map((file) => (
        file.mime.startsWith('image/') && !short
          ? <img key={file.blob} className={classes.picture} src={knowledgeFileURL(file)} alt={file.name} />
          : (
            <a key={file.blob} className={classes.file} href={knowledgeFileURL(file)} target="_blank" rel="noopener noreferrer">
              <PaperclipIcon size={14} aria-hidden /> {file.name}
            </a>
          )
      ))}
      {answer.links.map((link) => <Text key={link} size="xs" c="dimmed" className={classes.link}>{link}</Text>)}
      {answer.buttons.length > 0 && (
        <ul className={classes.buttons} aria-label={t('side.kb.buttons')}>
          {answer.buttons.map((caption) => <li key={caption}>{caption}</li>)}
        </ul>
      )}
    </div>
  );
}
