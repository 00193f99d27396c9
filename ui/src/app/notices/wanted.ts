/** What is to be told of a piece of news, by what the person wants. */
import type { News, Preferences } from '../../sync';
import type { Sound } from '../../kit';

export interface Wanted {
  sound?: Sound;
  desktop?: { is: Sound; id: string; name: string; text: string };
}

interface Place {
  /** The conversation is before the person's eyes. */
  open: boolean;
  /** The center tells of assignments. */
  assignments: boolean;
}

export function wanted(news: News, preferences: Preferences, place: Place): Wanted {
  if (news.is === 'left' || place.open) return {};
  if (news.is === 'assigned' && !place.assignments) return {};
  const assigned = news.is === 'assigned';
  const heard = assigned ? preferences.soundAssigned : preferences.soundMessage;
  const seen = assigned ? preferences.notifyAssigned : preferences.notifyMessage;
  const text = news.is === 'message' ? news.message.content.text : '';
  const { id, customerName } = news.conversation;
  return {
    sound: heard ? news.is : undefined,
    desktop: seen ? { is: news.is, id, name: customerName, text } : undefined,
  };
}
