/** Gives every part of the view the texts of the interface language. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Strings, strings } from "../strings.ts";

export const Texts = createContext<Strings>(strings("en"));

export function useTexts(): Strings {
  return useContext(Texts);
}
