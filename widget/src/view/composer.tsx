/** The field to write in. Enter sends; the text stays here, over a reload too, until it is sent. */

import type { JSX, RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { useTexts } from "./texts.ts";

interface ComposerProps {
  draft: string;
  onDraft: (text: string) => void;
  onSay: (text: string) => void;
  offline: boolean;
  field: RefObject<HTMLTextAreaElement | null>;
}

export function Composer({ draft, onDraft, onSay, offline, field }: ComposerProps): JSX.Element {
  const texts = useTexts();
  useLayoutEffect(() => {
    const area = field.current;
    if (!area || CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft]);
  const send = (): void => {
    const text = draft.trim();
    if (text) onSay(text);
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {offline && (
        <p class="offline">
          <Icon name="warning" />
          <span>{texts.offline}</span>
        </p>
      )}
      <div class="field">
        <label for="message">{texts.message}</label>
        <textarea
          id="message"
          ref={field}
          rows={1}
          dir="auto"
          autocomplete="off"
          enterkeyhint="send"
          placeholder={texts.placeholder}
          aria-describedby="keys"
          value={draft}
          onInput={({ currentTarget }) => onDraft(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" aria-label={texts.send} title={texts.send}>
          <Icon name="send" />
        </button>
      </div>
      <p class="unseen" id="keys">
        {texts.keys}
      </p>
    </form>
  );
}
