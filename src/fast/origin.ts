import { type Lineage, parseLineage } from '../fold/lineage.ts';
import { isAt, type Literal, literalOf } from './literal.ts';

const COMMA = 0x2c;
/** Batch, page and row come before what the rows of an answer have in common. */
const OWN_COMMAS = 3;

/** What a row's lineage says to staging. */
export type Origin = Pick<Lineage, 'pulled_on' | 'currency' | 'source'>;

/** Reads lines of the sidecar; most of them are, but for the place, like the one before. */
export class Origins {
  private last: Origin | null = null;
  private tail: Literal | null = null;

  /** The origin that lies between `from` and `to`. */
  read(view: DataView, from: number, to: number): Origin {
    const { tail, last } = this;
    const at = tailOf(view, from, to);
    if (last !== null && tail !== null && to - at === tail.length && isAt(view, tail, at)) {
      return last;
    }
    const text = Buffer.from(view.buffer, view.byteOffset + from, to - from).toString('utf8');
    const { pulled_on, currency, source } = parseLineage(text);
    this.last = { pulled_on, currency, source };
    this.tail = literalOf(text.slice(at - from));
    return this.last;
  }
}

/** Where the part begins that is the same for all rows of an answer; `to` when the line has none. */
function tailOf(view: DataView, from: number, to: number): number {
  let commas = 0;
  let at = from;
  for (; at < to && commas < OWN_COMMAS; at++) if (view.getUint8(at) === COMMA) commas++;
  return at;
}
