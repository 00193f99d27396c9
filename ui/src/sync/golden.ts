import told from './testdata/frames.json';
import { decode } from './wire';
import type { Entry, FromServer } from './wire';

/** For tests: the frames that transport/desk proves the server to write. */
export const goldenText: string[] = told.map((frame) => JSON.stringify(frame));

export const goldenFrames: FromServer[] = goldenText.map((each) => decode(each));

export const goldenStory: Entry[] = goldenFrames.flatMap((frame) =>
  frame.is === 'entry' && frame.entry.stream.startsWith('conversation/') ? [frame.entry] : []);
