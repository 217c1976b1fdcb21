/** Shows one reply of the assistant: text, where it comes from, whether it helped, and replies to tap. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Choice, Reply, Source } from "../contract.ts";
import { Icon } from "./icon.tsx";
import { OutLink, Prose } from "./prose.tsx";
import { useTexts } from "./texts.ts";
import { dayText, Moment } from "./times.tsx";

export interface ReplyProps {
  reply: Reply;
  at: number;
  /** Whether its choices can still be tapped. */
  offers: boolean;
  vote: boolean | undefined;
  onVote: (helped: boolean) => Promise<void>;
  onChoose: (choice: Choice) => void;
}

export function ReplyOf({ reply, at, offers, vote, onVote, onChoose }: ReplyProps): JSX.Element {
  const texts = useTexts();
  const care = reply.tier === "none" ? null : texts.care[reply.tier];
  return (
    <li class={care ? "entry bot care" : "entry bot"} data-tier={reply.tier}>
      <Who name={texts.assistant} at={at} />
      <div class="card">
        {care && (
          <h3 class="care-title">
            <Icon name="care" />
            {care}
          </h3>
        )}
        <Prose text={reply.text} safety={care !== null} />
        {(reply.sources.length > 0 || reply.reviewedOn) && (
          <div class="origin">
            <Sources sources={reply.sources} reviewedOn={reply.reviewedOn} />
            {!care && <Feedback vote={vote} onVote={onVote} />}
          </div>
        )}
      </div>
      {offers && reply.choices.length > 0 && <Choices choices={reply.choices} label={texts.choices} onChoose={onChoose} />}
    </li>
  );
}

export function Who({ name, at }: { name: string; at: number }): JSX.Element {
  return (
    <p class="who">
      <b>{name}</b> · <Moment at={at} />
    </p>
  );
}

interface ChoicesProps {
  choices: readonly Choice[];
  label: string;
  onChoose: (choice: Choice) => void;
}

export function Choices({ choices, label, onChoose }: ChoicesProps): JSX.Element {
  return (
    <div class="choices" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button key={choice.payload} type="button" class="choice" dir="auto" onClick={() => onChoose(choice)}>
          {choice.title}
        </button>
      ))}
    </div>
  );
}

function Sources({ sources, reviewedOn }: { sources: Source[]; reviewedOn: string | null }): JSX.Element {
  const texts = useTexts();
  const reviewed = reviewedOn ? texts.reviewed(dayText(reviewedOn, texts.lang)) : "";
  if (!sources.length) return <p class="reviewed">{reviewed}</p>;
  return (
    <details class="sources">
      <summary>
        <Icon name="open" />
        <span>
          <b>{texts.sources(sources.length)}</b>
          {reviewed && ", "}
          <span>{reviewed}</span>
        </span>
      </summary>
      <ol role="list">
        {sources.map(({ title, publisher, url, checkedOn }, index) => (
          <li key={index} dir="auto">
            {url ? <OutLink href={url}>{title}</OutLink> : <span class="title">{title}</span>}
            <span class="publisher">
              {[publisher, checkedOn && texts.checked(dayText(checkedOn, texts.lang))].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** Two thumbs; what was said can be changed. */
function Feedback({ vote, onVote }: Pick<ReplyProps, "vote" | "onVote">): JSX.Element {
  const texts = useTexts();
  const [said, setSaid] = useState("");
  const tell = (helped: boolean): void => {
    if (vote === helped) return;
    onVote(helped).then(
      () => setSaid(helped ? texts.thanks : texts.thanksNot),
      () => setSaid(texts.notKept),
    );
  };
  return (
    <>
      <div class="feedback">
        {([true, false] as const).map((helped) => {
          const label = helped ? texts.helped : texts.notHelped;
          return (
            <button
              key={label}
              type="button"
              class="thumb"
              aria-pressed={vote === helped}
              aria-label={label}
              title={label}
              onClick={() => tell(helped)}
            >
              <Icon name={helped ? "good" : "bad"} />
            </button>
          );
        })}
      </div>
      <p class="said" role="status">
        {said}
      </p>
    </>
  );
}
