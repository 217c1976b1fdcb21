/** Shows one turn: what the person said, how far it is, the replies, and help lines if it may not wait. */

import type { JSX } from "preact";
import { troubleOf, type Turn } from "../conversation.ts";
import { linesFor } from "../help-lines.ts";
import { Icon } from "./icon.tsx";
import { Prose } from "./prose.tsx";
import { ReplyOf, type ReplyProps, Who } from "./reply.tsx";
import { useTexts } from "./texts.ts";

export interface TurnProps extends Pick<ReplyProps, "onChoose"> {
  turn: Turn;
  /** Whether it is the last one: only its choices can still be tapped, but for those of a safety reply. */
  last: boolean;
  votes: Record<string, boolean>;
  onVote: (replyId: string, helped: boolean) => Promise<void>;
  needsHelp: boolean;
  country: string | null;
  onRetry: () => void;
  onChange: (turn: Turn) => void;
  onHelp: () => void;
}

export function TurnOf(props: TurnProps): JSX.Element {
  const { turn, last, votes, onVote, onChoose, needsHelp, country, onHelp } = props;
  const texts = useTexts();
  const unsent = turn.progress === "retrying" || turn.progress === "failed";
  const waits = turn.progress === "sending" || turn.progress === "late";
  return (
    <>
      <li class={unsent ? "entry own unsent" : "entry own"} data-id={turn.id} tabIndex={-1}>
        <Who name={texts.you} at={turn.sentAt} />
        <p class="bubble" dir="auto">
          {turn.text}
        </p>
        {turn.progress === "queued" && <p class="state">{texts.waiting}</p>}
        {unsent && <Trouble {...props} />}
      </li>
      {needsHelp && (
        <li class="entry bot care">
          <div class="card">
            <h3 class="care-title">
              <Icon name="care" />
              {texts.help}
            </h3>
            <Prose text={`${texts.dangerLead}\n\n${callNow(country, texts.inDanger)}`} safety />
            <button type="button" class="plain" onClick={onHelp}>
              {texts.allLines}
            </button>
          </div>
        </li>
      )}
      {turn.replies.map((reply, index) => (
        <ReplyOf
          key={index}
          reply={reply}
          at={turn.repliedAt}
          offers={last || reply.tier !== "none"}
          vote={votes[reply.id]}
          onVote={(helped) => onVote(reply.id, helped)}
          onChoose={onChoose}
        />
      ))}
      {waits && (
        <li class="entry bot typing" aria-hidden="true">
          <div class="card">
            <span class="dots">
              <i />
              <i />
              <i />
            </span>
            {turn.slow || turn.progress === "late" ? texts.stillLooking : texts.looking}
          </div>
        </li>
      )}
    </>
  );
}

/** Return the numbers that matter most, as the text of a safety reply. */
function callNow(country: string | null, inDanger: (number: string) => string): string {
  const { emergency, crisis } = linesFor(country);
  return [inDanger(emergency), ...crisis.slice(0, 3).map((line) => `- ${line}`)].join("\n");
}

function Trouble({ turn, onRetry, onChange, onHelp }: TurnProps): JSX.Element {
  const texts = useTexts();
  const { title, text } = troubleOf(turn, texts);
  const refused = turn.failure?.kind === "refused";
  const label = refused ? texts.change : turn.progress === "retrying" ? texts.tryNow : texts.tryAgain;
  return (
    <div class="trouble">
      <div>
        <strong>{title}</strong>
        <Prose text={text} />
      </div>
      <div class="actions">
        <button type="button" class="strong" onClick={() => (refused ? onChange(turn) : onRetry())}>
          {label}
        </button>
        <button type="button" class="plain" onClick={onHelp}>
          {texts.allLines}
        </button>
      </div>
    </div>
  );
}
