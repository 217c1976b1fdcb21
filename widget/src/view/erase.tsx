/** Asks before a conversation is deleted, and says so if it could not be. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Failure } from "../api.ts";
import { useTexts } from "./texts.ts";

interface EraseProps {
  /** Deletes; rejects if it did not work. */
  onErase: () => Promise<void>;
  onKeep: () => void;
}

export function Erase({ onErase, onKeep }: EraseProps): JSX.Element {
  const texts = useTexts();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const erase = (): void => {
    if (busy) return;
    setBusy(true);
    setProblem("");
    onErase().catch((error: unknown) => {
      setBusy(false);
      setProblem(error instanceof Failure && error.kind === "offline" ? texts.eraseOffline : texts.eraseFailed);
    });
  };
  return (
    <div class="sheet ask" role="alertdialog" aria-labelledby="erase-title" aria-describedby="erase-text">
      <div class="ask-card">
        <h3 id="erase-title">{texts.eraseTitle}</h3>
        <p id="erase-text">{texts.eraseText}</p>
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="actions">
          <button type="button" class="plain" ref={keep} onClick={onKeep}>
            {texts.eraseKeep}
          </button>
          <button type="button" class="strong grave" aria-disabled={busy} onClick={erase}>
            {busy ? texts.erasing : texts.eraseConfirm}
          </button>
        </div>
      </div>
    </div>
  );
}
