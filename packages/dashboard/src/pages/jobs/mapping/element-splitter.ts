import { assertRowLength } from './row-length.ts';

/** A piece of the text of a JSON array: one of its elements, or what stands between them. */
export interface ArrayPiece {
  readonly text: string;
  readonly isElement: boolean;
}

/** Cuts a JSON array that comes in pieces into its elements, keeping no more than one. What is wrong with it goes through. */
export class ElementSplitter {
  /** Of an element whose end has not come. */
  private waiting: string[] = [];
  private waitingLength = 0;
  /** 0 before the array, 1 between its elements. */
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private isOver = false;

  push(piece: string): ArrayPiece[] {
    if (this.isOver) return [{ text: piece, isElement: false }];
    const found: ArrayPiece[] = [];
    let start = 0;
    const closeElement = (end: number) => {
      this.waiting.push(piece.slice(start, end));
      const text = this.waiting.join('');
      this.waiting = [];
      this.waitingLength = 0;
      found.push({ text, isElement: text.trim() !== '' });
    };
    for (let index = 0; index < piece.length; index++) {
      const character = piece[index];
      if (this.isInString) {
        if (this.isEscaped) this.isEscaped = false;
        else if (character === '\\') this.isEscaped = true;
        else if (character === '"') this.isInString = false;
      } else if (character === '"') this.isInString = true;
      else if (character === '{' || character === '[') {
        this.depth += 1;
        if (this.depth > 1) continue;
        found.push({ text: piece.slice(start, index + 1), isElement: false });
        start = index + 1;
      } else if (character === '}' || character === ']') {
        this.depth -= 1;
        if (this.depth > 0) continue;
        closeElement(index);
        this.isOver = true;
        found.push({ text: piece.slice(index), isElement: false });
        return found;
      } else if (character === ',' && this.depth === 1) {
        closeElement(index);
        found.push({ text: ',', isElement: false });
        start = index + 1;
      }
    }
    if (start < piece.length) this.waiting.push(piece.slice(start));
    this.waitingLength += piece.length - start;
    assertRowLength(this.waitingLength);
    return found;
  }

  /** What is left of an array that never ends. */
  end(): string {
    return this.waiting.join('');
  }
}
