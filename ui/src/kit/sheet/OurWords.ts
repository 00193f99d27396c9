import { createContext, useContext } from 'react';

/** What the server says, as the page says it to people; a page gives its own. */
export const OurWords = createContext<(said: string) => string>((said) => said);

export const useOurWords = () => useContext(OurWords);
