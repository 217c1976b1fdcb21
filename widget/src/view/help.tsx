/** The control "Need help now?" and the help lines behind it. They need no connection. */

import type { JSX, RefObject } from "preact";
import { countries, linesFor, WORLDWIDE } from "../help-lines.ts";
import { Icon } from "./icon.tsx";
import { Prose } from "./prose.tsx";
import { useTexts } from "./texts.ts";

interface HelpButtonProps {
  open: boolean;
  button: RefObject<HTMLButtonElement | null>;
  onToggle: () => void;
}

export function HelpButton({ open, button, onToggle }: HelpButtonProps): JSX.Element {
  const texts = useTexts();
  return (
    <button
      type="button"
      class="help-button"
      ref={button}
      aria-expanded={open}
      aria-controls={open ? "help" : undefined}
      onClick={onToggle}
    >
      <Icon name={open ? "close" : "phone"} />
      {open ? texts.helpClose : texts.help}
    </button>
  );
}

interface HelpProps {
  country: string | null;
  onCountry: (code: string | null) => void;
}

export function Help({ country, onCountry }: HelpProps): JSX.Element {
  const texts = useTexts();
  const lines = linesFor(country);
  const groups = [
    [texts.crisis, lines.crisis],
    [texts.advice, lines.advice],
    [texts.poison, lines.poison],
  ] as const;
  return (
    <div class="sheet help" id="help" role="region" aria-label={texts.help} tabIndex={0}>
      <Prose text={texts.inDanger(lines.emergency)} safety />
      <p class="lead">{texts.helpLead}</p>
      <p class="pick">
        <label for="country">{texts.country}</label>
        <select
          id="country"
          value={country ?? WORLDWIDE}
          onChange={({ currentTarget: { value } }) => onCountry(value === WORLDWIDE ? null : value)}
        >
          <option value={WORLDWIDE}>{texts.anyCountry}</option>
          {countries().map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </p>
      {groups
        .filter(([, sentences]) => sentences.length)
        .map(([title, sentences]) => (
          <section key={title}>
            <h3>{title}</h3>
            <Prose text={sentences.map((sentence) => `- ${sentence}`).join("\n")} safety />
          </section>
        ))}
      <p class="foot">{texts.helpFoot}</p>
    </div>
  );
}
