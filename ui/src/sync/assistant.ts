import { useQuery } from '@tanstack/react-query';
import type { Attachment } from './model';
import { queryClient } from './query';
import { get } from './rest';
import { attachmentOf, list, number, object, words } from './wire';

/** An answer of an article, ready to be sent or put into the field. */
export interface FoundAnswer {
  id: string;
  text: string;
  /** Files of the knowledge base. */
  attachments: Attachment[];
  /** Documents elsewhere: their addresses go out as text. */
  links: string[];
  buttons: string[];
}

/** An article that may answer a message. */
export interface Assisted {
  articleId: string;
  title: string;
  percent: number;
  probability: number;
  /** The article has the message as a question, word for word. */
  exact: boolean;
  /** It asks the customer before it answers, and goes out as a whole. */
  survey: boolean;
  answers: FoundAnswer[];
}

export interface Assistance {
  /** The customer's message that it is about. */
  about: string;
  items: Assisted[];
}

/** What may answer a message of the customer's. Nothing is asked without one. */
export function useAssistance(conversationId: string, messageId: string): Assistance | undefined {
  const { data } = useQuery<Assistance>({
    queryKey: ['assistant', conversationId, messageId],
    queryFn: async ({ signal }) => assistanceOf(await get<unknown>(
      `/api/v1/conversations/${encodeURIComponent(conversationId)}/assistant`, { message: messageId, limit: 3 }, { signal },
    )),
    enabled: conversationId !== '' && messageId !== '',
    staleTime: 60_000,
  }, queryClient);
  return data;
}

function assistanceOf(told: unknown): Assistance {
  const t = object(told);
  return { about: words(t.message_id), items: list(t.items, assistedOf) };
}

function assistedOf(told: unknown): Assisted {
  const t = object(told);
  return {
    articleId: words(t.article_id), title: words(t.title) || words(t.identifier), percent: number(t.percent), probability: number(t.probability),
    exact: t.exact === true, survey: t.survey === true, answers: list(t.answers, answerOf),
  };
}

/** An answer as the knowledge base has it. */
export function answerOf(told: unknown): FoundAnswer {
  const t = object(told);
  const all = list(t.attachments, (each) => ({ file: attachmentOf(each), source: words(object(each).source) }));
  return {
    id: words(t.answer_id), text: words(t.text), attachments: all.filter(({ file }) => file.blob).map(({ file }) => file),
    links: all.filter(({ file, source }) => !file.blob && source).map(({ source }) => source),
    buttons: list(t.buttons, (each) => words(object(each).caption)),
  };
}
