export interface Piece {
  text: string;
  narrow?: boolean;
}

export function word(made: { pieces: Piece[]; notes?: string; flags?: number }): Uint8Array;
