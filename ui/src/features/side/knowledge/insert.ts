import type { Attachment, Choice } from '../../../sync';

/** Puts text at the cursor of the composer; what it was made of goes along with the message. */
export type Insert = (text: string, of?: { choice: Choice; attachments: Attachment[] }) => void;
