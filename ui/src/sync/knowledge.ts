/**
 * The knowledge base as its editors see it: articles, the slots that surveys
 * ask for, and the types of articles. It is loaded with the page that needs it.
 */
export * from './knowledge/model';
export * from './knowledge/acts';
export * from './knowledge/files';
