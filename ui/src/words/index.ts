import { createContext, useContext } from 'react';
import { en, type Words } from './en';

export type { Words } from './en';
export { en } from './en';
export * from './format';

/** The words of the interface's language. */
export const WordsContext = createContext<Words>(en);

/** The words of the interface's language; the only source of visible or spoken text. */
export function useWords(): Words {
  return useContext(WordsContext);
}
