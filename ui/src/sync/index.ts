/**
 * sync is the only place that talks to the server: REST by rest.ts, the
 * operator's socket by desk.ts. Features read the hooks below and call the acts.
 */
export * from './model';
export { Problem, problemOf } from './problem';
export { get, post, put, patch, del } from './rest';
export type { Options, Query } from './rest';
export { camel } from './json';
export { queryClient } from './query';
export { newId } from './id';
export { serverNow, useNow } from './clock';
export { upload, fileURL, knowledgeFileURL } from './upload';
export { useSession } from './session';
export type { Session } from './session';
export { emptyWorkplace, refreshWorkplace, settingsOf, transferTargets, useWorkplace, useWorkplaceQuery } from './workplace';
export type { Abilities, Account, CustomField, TimerMark, Topic, TransferTargets, User, Workplace, WorkSettings } from './workplace';
export {
  desk, onNews, useConnection, useConversation, useConversationIds, useConversations, useDesk, useNewVersion, useTyping,
} from './desk';
export type { Choice, News, ReplyWish } from './desk';
export { answerOf, useAssistance } from './assistant';
export { useArticleTypes, useKnowledgeSearch, useReadArticle } from './kb';
export type { FoundArticle, Piece, ReadArticle } from './kb';
export type { Assistance, Assisted, FoundAnswer } from './assistant';
export { useDraft, useDraftText } from './drafts';
export type { Draft } from './drafts';
export { usePreferences } from './preferences';
export type { Preferences } from './preferences';
export { addWord, lookUp } from './spelling';
export type { Spelt } from './spelling';
export { usePastConversation } from './past';
export { discardUpdate, newKey, putAccount, rawUpdateURL, testAccount, useChannelHealth, useChannels, useStrangeUpdates } from './channels';
export type {
  AccountState, AccountWish, ChannelAccount, Channels, Condition, Entered, Kind, KindField, Made, Probed, StrangeUpdate,
} from './channels';
export {
  addAddress, call, editAddress, faceURL, makeLink, merge, patchCustomer, removeAddress, searchCustomers, setTicket,
  startConversation, useCustomer, useFace, verdicts,
} from './customers';
export type { Customer, CustomerAddress, FoundCustomer, InviteLink, Verdict, Verdicts } from './customers';
