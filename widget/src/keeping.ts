/** What the browser keeps: the key of the conversation, and what is not sent yet. No cookie; nothing else is stored. */

export interface Unsent {
  id: string;
  text: string;
  payload: string | null;
  sentAt: number;
}

type Name = "token" | "votes" | "country" | "unsent" | "draft";

/** Kept for this tab only, so that half a message does not stay behind on a shared computer. */
const OF_THIS_TAB: readonly Name[] = ["unsent", "draft"];

export class Keeping {
  private readonly prefix: string;
  private readonly memory = new Map<string, string>();

  /** @param server where the assistant is; a site may embed several. */
  constructor(server: string) {
    this.prefix = `isotretinoin-assistant:${server}:`;
  }

  get token(): string | null {
    return this.read("token");
  }

  set token(value: string | null) {
    this.write("token", value);
  }

  /** The country that the person chose for help lines. */
  get country(): string | null {
    return this.read("country");
  }

  set country(value: string | null) {
    this.write("country", value);
  }

  /** What is in the field and not sent. */
  get draft(): string {
    return this.read("draft") ?? "";
  }

  set draft(value: string) {
    this.write("draft", value || null);
  }

  get unsent(): Unsent[] {
    return this.parsed<Unsent[]>("unsent", []);
  }

  set unsent(messages: Unsent[]) {
    this.write("unsent", messages.length ? JSON.stringify(messages) : null);
  }

  /** Whether a reply helped, by its id. */
  get votes(): Record<string, boolean> {
    return this.parsed<Record<string, boolean>>("votes", {});
  }

  set votes(votes: Record<string, boolean>) {
    this.write("votes", Object.keys(votes).length ? JSON.stringify(votes) : null);
  }

  /** The conversation has ended on the server; what is not sent yet goes into a new one. */
  forgetToken(): void {
    for (const name of ["token", "votes"] as const) this.write(name, null);
  }

  /** Forget the conversation; the country stays, it says nothing of it. */
  forget(): void {
    this.forgetToken();
    for (const name of ["unsent", "draft"] as const) this.write(name, null);
  }

  /** Return whether a storage event of another tab is about the key of the conversation. */
  isToken(key: string | null): boolean {
    return key === null || key === `${this.prefix}token`;
  }

  private parsed<Value>(name: Name, none: Value): Value {
    try {
      return JSON.parse(this.read(name) ?? "null") ?? none;
    } catch {
      return none;
    }
  }

  // Storage may be switched off or full: then things are kept for as long as the page is open.

  private read(name: Name): string | null {
    try {
      return this.storage(name).getItem(this.prefix + name) ?? this.memory.get(name) ?? null;
    } catch {
      return this.memory.get(name) ?? null;
    }
  }

  private write(name: Name, value: string | null): void {
    this.memory.delete(name);
    try {
      if (value === null) this.storage(name).removeItem(this.prefix + name);
      else this.storage(name).setItem(this.prefix + name, value);
    } catch {
      if (value !== null) this.memory.set(name, value);
    }
  }

  private storage(name: Name): Storage {
    return OF_THIS_TAB.includes(name) ? sessionStorage : localStorage;
  }
}
