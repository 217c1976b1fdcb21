/** Shows the text of a reply: paragraphs, lists, links, and numbers that can be tapped to call. */

import type { JSX } from "preact";
import { type Block, blocksOf, type Call, type Piece } from "../markup.ts";
import { Icon } from "./icon.tsx";
import { useTexts } from "./texts.ts";

export function Prose({ text, safety = false }: { text: string; safety?: boolean }): JSX.Element {
  return (
    <div class="prose" dir="auto">
      {blocksOf(text, safety).map((block, index) => (
        <BlockOf key={index} block={block} safety={safety} />
      ))}
    </div>
  );
}

function BlockOf({ block, safety }: { block: Block; safety: boolean }): JSX.Element {
  if (block.kind === "calls") return <Calls calls={block.calls} />;
  if (block.kind === "paragraph") {
    return (
      <p dir="auto">{block.lines.map((line, index) => [index > 0 && <br />, <Pieces pieces={line} plainNumbers={safety} />])}</p>
    );
  }
  return (
    <ul role="list">
      {block.items.map(({ pieces, calls }, index) => (
        <li key={index} dir="auto" class={calls.length ? "reach" : undefined}>
          <span>
            <Pieces pieces={pieces} plainNumbers={calls.length > 0} />
          </span>
          {calls.length > 0 && <Calls calls={calls} />}
        </li>
      ))}
    </ul>
  );
}

/** @param plainNumbers whether numbers stand out without being links, as a button beside them calls them. */
function Pieces({ pieces, plainNumbers }: { pieces: Piece[]; plainNumbers: boolean }): JSX.Element {
  return (
    <>
      {pieces.map(({ text, href, kind }) => {
        if (!kind) return text;
        if (!href || (kind === "phone" && plainNumbers)) return <b dir="ltr">{text}</b>;
        return kind === "web" ? <OutLink href={href}>{text}</OutLink> : <a href={href}>{text}</a>;
      })}
    </>
  );
}

function Calls({ calls }: { calls: Call[] }): JSX.Element {
  const texts = useTexts();
  return (
    <span class="calls">
      {calls.map(({ number, href, about, whose }) => (
        <a key={href} class="call" href={href}>
          <span class="call-name">
            <Icon name="phone" />
            <strong dir="ltr">
              {about && <span class="unseen">{texts.call("")}</span>}
              {about ? number : texts.call(number)}
            </strong>
          </span>{" "}
          {about && <span class="call-about">{about}</span>}
          {whose && <span class="unseen">{whose}</span>}
        </a>
      ))}
    </span>
  );
}

export function OutLink({ href, children, class: name }: { href: string; children: string; class?: string }): JSX.Element {
  const texts = useTexts();
  return (
    <a class={name} href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <span class="unseen"> {texts.newTab}</span>
    </a>
  );
}
