/** Shows the conversation and keeps in view what the person reads: it moves only when they were at the end already. */

import { Fragment, type JSX, type RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Entry } from "../conversation.ts";
import { Icon } from "./icon.tsx";
import { Choices } from "./reply.tsx";
import { TurnOf, type TurnProps } from "./turn.tsx";
import { useTexts } from "./texts.ts";

/** This close to the end counts as being there. */
const NEAR_PX = 120;
const GAP_PX = 12;

export interface TranscriptProps extends Omit<TurnProps, "turn" | "last" | "needsHelp"> {
  entries: Entry[];
  restoring: boolean;
  needsHelp: (turn: TurnProps["turn"]) => boolean;
  onSay: (text: string) => void;
  onRestore: () => void;
  scroller: RefObject<HTMLDivElement | null>;
}

export function Transcript({ entries, restoring, needsHelp, onSay, onRestore, scroller, ...turnProps }: TranscriptProps): JSX.Element {
  const texts = useTexts();
  const turns = entries.filter((entry) => entry.kind === "turn");
  const last = turns.at(-1);
  const { behind, onScroll, toLatest } = useFollowing(scroller, last?.id, last?.replies.length ?? 0, entries.length);
  return (
    <div class="conversation">
      <div class="scroller" ref={scroller} role="region" aria-label={texts.conversation} tabIndex={0} onScroll={onScroll}>
        <ol class="transcript" role="list">
          <Welcome starters={!turns.length && !restoring} onSay={onSay} />
          {restoring && <li class="entry note">{texts.restoring}</li>}
          {entries.map((entry) =>
            entry.kind === "notice" ? (
              <li key={entry.id} class="entry note" tabIndex={-1}>
                <p>{entry.text}</p>
                {entry.again && (
                  <button type="button" class="plain" onClick={onRestore}>
                    {texts.tryAgain}
                  </button>
                )}
              </li>
            ) : (
              <Fragment key={entry.id}>
                <TurnOf {...turnProps} turn={entry} last={entry === last} needsHelp={needsHelp(entry)} />
              </Fragment>
            ),
          )}
        </ol>
      </div>
      {behind && (
        <button type="button" class="jump" onClick={toLatest}>
          <Icon name="down" />
          {texts.newReply}
        </button>
      )}
    </div>
  );
}

function Welcome({ starters, onSay }: { starters: boolean; onSay: (text: string) => void }): JSX.Element {
  const texts = useTexts();
  return (
    <li class="entry bot welcome">
      <div class="card">
        <p class="hello">{texts.hello}</p>
        <dl>
          {texts.about.map(([term, text]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </div>
      {starters && (
        <Choices
          choices={texts.starters.map((title) => ({ title, payload: title }))}
          label={texts.startersLabel}
          onChoose={({ title }) => onSay(title)}
        />
      )}
    </li>
  );
}

/**
 * Bring what is new into view: the end after the person said something, the start of the turn after a reply, so that a long
 * one is read from the top. A person who reads further up is told of the reply instead.
 */
function useFollowing(scroller: RefObject<HTMLDivElement | null>, lastId: string | undefined, replies: number, entries: number) {
  const [behind, setBehind] = useState(false);
  const seen = useRef({ lastId: undefined as string | undefined, replies: 0, entries: 0, atEnd: true });

  const toTurn = (): void => {
    const own = lastId ? scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(lastId)}"]`) : null;
    if (own && scroller.current) scroller.current.scrollTop = own.offsetTop - GAP_PX;
  };
  useLayoutEffect(() => {
    const view = scroller.current;
    if (!view) return;
    const before = seen.current;
    const said = lastId !== before.lastId;
    const replied = replies > (said ? 0 : before.replies);
    if (replied && (said || before.atEnd)) toTurn();
    else if (said || (before.atEnd && entries !== before.entries)) view.scrollTop = view.scrollHeight;
    else if (replied) setBehind(true);
    seen.current = { lastId, replies, entries, atEnd: said || atEnd(view) || (before.atEnd && replied) };
  }, [lastId, replies, entries]);

  return {
    behind,
    onScroll: (): void => {
      if (!scroller.current) return;
      seen.current.atEnd = atEnd(scroller.current);
      if (seen.current.atEnd) setBehind(false);
    },
    toLatest: (): void => {
      setBehind(false);
      toTurn();
      scroller.current?.focus({ preventScroll: true });
    },
  };
}

function atEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < NEAR_PX;
}
