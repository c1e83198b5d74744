/** Decimal places that figures of a file may have; sums are exact to them. */
const PLACES = 18;
/** Figures of at most this form are added up as numbers, in millionths: most are. */
const SMALL = /^(\d{1,8})(?:\.(\d{1,6}))?$/;
const MILLION = 1_000_000;
const MILLIONTH = 10n ** 12n;

/** A sum of decimal texts, exact to 18 places. Lives while a file is gone through. */
export class ExactSum {
  private total = 0n;
  private millionths = 0;

  /** Adds decimal text; what is no decimal adds nothing. */
  add(text: string): void {
    const small = SMALL.exec(text);
    if (small === null) {
      this.total += unitsOf(text);
      return;
    }
    const part = small[2];
    this.millionths += Number(small[1]) * MILLION;
    if (part !== undefined) this.millionths += Number(part.padEnd(6, '0'));
    if (this.millionths > Number.MAX_SAFE_INTEGER / 2) this.settle();
  }

  /** How far `text` is above the sum, as decimal text; 0 when they are equal. */
  distanceTo(text: string): string {
    this.settle();
    return textOf(unitsOf(text) - this.total);
  }

  /** Decimal text without zeros to spare. */
  toString(): string {
    this.settle();
    return textOf(this.total);
  }

  private settle(): void {
    this.total += BigInt(this.millionths) * MILLIONTH;
    this.millionths = 0;
  }
}

function unitsOf(text: string): bigint {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || part.length > PLACES) return 0n;
  const units = BigInt(whole + part.padEnd(PLACES, '0'));
  return sign === '-' ? -units : units;
}

function textOf(units: bigint): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(PLACES + 1, '0');
  const part = digits.slice(-PLACES).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -PLACES)}${part === '' ? '' : `.${part}`}`;
}
