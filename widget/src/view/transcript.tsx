/** Shows the conversation and keeps in view what the person reads: it moves only when they were at the end already. */

import { Fragment, type JSX, type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Entry, Turn } from "../conversation.ts";
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
  needsHelp: (turn: Turn) => boolean;
  onSay: (text: string) => void;
  onRestore: () => void;
  scroller: RefObject<HTMLDivElement | null>;
}

export function Transcript({
  entries,
  restoring,
  needsHelp,
  onSay,
  onRestore,
  scroller,
  ...turnProps
}: TranscriptProps): JSX.Element {
  const texts = useTexts();
  const turns = entries.filter((entry) => entry.kind === "turn");
  const last = turns.at(-1);
  const news = [entries.length, last?.id, last?.progress, last?.failure?.kind, last?.repliedAt, last && needsHelp(last)].join();
  const { behind, onScroll, toReply } = useFollowing(scroller, last, entries.length > 0, news);
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
        <button type="button" class="jump" onClick={toReply}>
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
 * Keep the latest turn in view, from its start, so that a long reply is read from the top. A person who has scrolled elsewhere is
 * told of a reply instead, and not moved.
 *
 * @param notices whether there are notices, which stand at the end while there is no turn.
 * @param news changes whenever something of the latest turn does.
 */
function useFollowing(scroller: RefObject<HTMLDivElement | null>, last: Turn | undefined, notices: boolean, news: string) {
  const [behind, setBehind] = useState(false);
  const seen = useRef({ lastId: "", replies: 0, follows: true, height: 0 });

  const start = (): number => {
    const own = last && scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(last.id)}"]`);
    return own ? own.offsetTop - GAP_PX : notices ? Number.MAX_SAFE_INTEGER : 0;
  };
  const toLatest = (): void => {
    if (scroller.current) scroller.current.scrollTop = start();
  };
  useLayoutEffect(() => {
    const { lastId, replies, follows } = seen.current;
    const said = last?.id !== lastId;
    if (said || follows) toLatest();
    else if (last.replies.length > replies) setBehind(true);
    Object.assign(seen.current, { lastId: last?.id ?? "", replies: last?.replies.length ?? 0, follows: said || follows });
  }, [news]);
  useEffect(() => {
    const view = scroller.current;
    if (!view) return undefined;
    const resized = new ResizeObserver(() => {
      seen.current.height = view.clientHeight;
      if (seen.current.follows) toLatest();
    });
    resized.observe(view);
    return () => resized.disconnect();
  }, [last?.id]);

  return {
    behind,
    onScroll: (): void => {
      const view = scroller.current;
      if (view?.clientHeight !== seen.current.height) return; // its size changed; nobody scrolled
      const toEnd = view.scrollHeight - view.scrollTop - view.clientHeight;
      seen.current.follows = toEnd < NEAR_PX || Math.abs(view.scrollTop - start()) < NEAR_PX / 2;
      if (toEnd < NEAR_PX) setBehind(false);
    },
    toReply: (): void => {
      setBehind(false);
      seen.current.follows = true;
      toLatest();
      scroller.current?.focus({ preventScroll: true });
    },
  };
}
