/** Reads a JSON value field by field and notes what is wrong, with the field's path. */
export class Reader {
  constructor(
    private readonly value: unknown,
    private readonly path: string,
    readonly problems: string[] = [],
  ) {}

  /** A field that may be missing. */
  optional(field: string): Reader | undefined {
    const value = this.field(field);
    return value === undefined || value === null ? undefined : this.below(field, value);
  }

  at(field: string): Reader {
    return this.below(field, this.field(field));
  }

  /** A field that must be an object. */
  object(field: string): Reader {
    const reader = this.at(field);
    if (!isObject(reader.value)) reader.wrong("an object");
    return reader;
  }

  entries<Entry>(read: (reader: Reader) => Entry): Record<string, Entry> {
    if (!isObject(this.value)) {
      this.wrong("an object");
      return {};
    }
    return Object.fromEntries(Object.entries(this.value).map(([key, value]) => [key, read(this.below(key, value))]));
  }

  list<Entry>(read: (reader: Reader) => Entry, least = 0): Entry[] {
    if (!Array.isArray(this.value) || this.value.length < least) {
      this.wrong(least > 0 ? `a list of at least ${least}` : "a list");
      return [];
    }
    return this.value.map((one, index) => read(this.below(String(index), one)));
  }

  text(least: number, most: number): string {
    if (typeof this.value === "string" && this.value.length >= least && this.value.length <= most) return this.value;
    return this.wrong(`a text of ${least} to ${most} characters`, "");
  }

  matching(pattern: RegExp, what: string): string {
    if (typeof this.value === "string" && pattern.test(this.value)) return this.value;
    return this.wrong(what, "");
  }

  url(): string {
    if (typeof this.value === "string" && URL.canParse(this.value)) {
      const { protocol, search } = new URL(this.value);
      if ((protocol === "http:" || protocol === "https:") && search === "") return this.value;
    }
    return this.wrong("an http or https address without a query string", "");
  }

  number(least: number, most: number): number {
    if (typeof this.value === "number" && this.value >= least && this.value <= most) return this.value;
    return this.wrong(`a number from ${least} to ${most}`, least);
  }

  whole(least: number, most: number): number {
    if (Number.isInteger(this.value)) return this.number(least, most);
    return this.wrong(`a whole number from ${least} to ${most}`, least);
  }

  /** Notes that the value is not what it must be. */
  wrong(bound: string): void;
  wrong<Value>(bound: string, instead: Value): Value;
  wrong<Value>(bound: string, instead?: Value): Value | undefined {
    const is = this.value === undefined ? "missing" : JSON.stringify(this.value).slice(0, 80);
    this.problems.push(`${this.path} is ${is}: must be ${bound}`);
    return instead;
  }

  raw(): unknown {
    return this.value;
  }

  private field(field: string): unknown {
    return isObject(this.value) ? this.value[field] : undefined;
  }

  private below(field: string, value: unknown): Reader {
    return new Reader(value, `${this.path}: ${field}`.replace(/: (.*): /, ": $1."), this.problems);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
